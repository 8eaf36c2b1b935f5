/** Making a pause, or changing one. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Pause } from '@patchbay/protocol/api/presence.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormNumber, FormText } from '../../ui/FormFields.tsx'
import type { TriggerElement } from '../../ui/useOpener.tsx'
import { FormFault } from '../common/FormFault.tsx'

export function PauseDialog({ trigger, pause }: { trigger: TriggerElement; pause?: Pause }) {
  const { t } = useLingui()
  const id = useId()
  return (
    <Dialog
      trigger={trigger}
      size="small"
      title={pause ? t`Change the pause` : t`New pause`}
      footer={(close) => (
        <>
          <Button size="large" onPress={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button size="large" variant="primary" type="submit" form={id}>
            <Trans>Save</Trans>
          </Button>
        </>
      )}
    >
      {(close) => <PauseForm id={id} {...(pause ? { pause } : {})} onDone={close} />}
    </Dialog>
  )
}

function PauseForm({ id, pause, onDone }: { id: string; pause?: Pause; onDone: () => void }) {
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
    onDone()
  })
  return (
    <form
      id={id}
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <FormFault form={form} />
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
    </form>
  )
}
