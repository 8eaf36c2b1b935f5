/** Making a pause, or changing one. */
import { useLingui } from '@lingui/react/macro'
import type { Pause } from '@patchbay/protocol/api/presence.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { FormNumber, FormText } from '../../ui/FormFields.tsx'
import type { TriggerElement } from '../../ui/useOpener.tsx'
import { DialogForm, FormDialog, type Frame } from '../common/FormDialog.tsx'

export function PauseDialog({ trigger, pause }: { trigger: TriggerElement; pause?: Pause }) {
  const { t } = useLingui()
  return (
    <FormDialog trigger={trigger} size="small" title={pause ? t`Change the pause` : t`New pause`}>
      {(frame) => <PauseForm frame={frame} {...(pause ? { pause } : {})} />}
    </FormDialog>
  )
}

function PauseForm({ frame, pause }: { frame: Frame; pause?: Pause }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const form = useForm({ defaultValues: { name: pause?.name ?? '', minutes: pause?.minutes ?? Number.NaN } })
  const { control } = form
  const submit = useSubmit(form, async ({ name, minutes }) => {
    const body = { name: name.trim(), minutes: Number.isNaN(minutes) ? null : minutes }
    if (pause) {
      const params = { id: pause.id }
      await api('PATCH /api/openchannel/pauses/:id', { params, body: { ...body, version: pause.version } })
    } else await api('POST /api/openchannel/pauses', { body })
    await client.invalidateQueries({ queryKey: ['pauses'] })
    frame.close()
  })
  return (
    <DialogForm frame={frame} form={form} onSubmit={submit}>
      <FormText
        {...{ control, name: 'name' }}
        autoFocus
        label={t`Name`}
        {...(pause?.key ? { description: t`With a name of your own it is shown so in every language.` } : {})}
        rules={{ validate: (value) => Boolean(String(value).trim()) || t`Write a name.` }}
      />
      <FormNumber
        {...{ control, name: 'minutes' }}
        label={t`Usually takes`}
        description={t`Agents read it, and supervisors see who is over it. Empty: no usual time.`}
        suffix={t`minutes`}
        minValue={1}
        maxValue={1440}
      />
    </DialogForm>
  )
}
