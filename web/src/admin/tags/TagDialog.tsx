/** Making a tag, or changing one. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Tag as TagRow } from '@patchbay/protocol/api/contacts.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormRadio, FormText } from '../../ui/FormFields.tsx'
import { Tag } from '../../ui/Mark.tsx'
import type { TriggerElement } from '../../ui/useOpener.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { useColors } from './useColors.ts'

export interface TagDialogProps {
  trigger: TriggerElement
  /** The one to change; without, a new one is made. */
  tag?: TagRow
}

export function TagDialog({ trigger, tag }: TagDialogProps) {
  const { t } = useLingui()
  const id = useId()
  return (
    <Dialog
      trigger={trigger}
      size="small"
      title={tag ? t`Change the tag` : t`New tag`}
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
      {(close) => <TagForm id={id} {...(tag ? { tag } : {})} onDone={close} />}
    </Dialog>
  )
}

function TagForm({ id, tag, onDone }: { id: string; tag?: TagRow; onDone: () => void }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const colors = useColors()
  const form = useForm<{ name: string; color: TagRow['color'] }>({
    defaultValues: { name: tag?.name ?? '', color: tag?.color ?? 'neutral' },
  })
  const { control } = form
  const submit = useSubmit(form, async ({ name, color }) => {
    const body = { name: name.trim(), color }
    if (tag) await api('PATCH /api/tags/:id', { params: { id: tag.id }, body })
    else await api('POST /api/tags', { body })
    await client.invalidateQueries({ queryKey: ['tags'] })
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
        rules={{ validate: (value) => Boolean(String(value).trim()) || t`Write a name.` }}
      />
      <FormRadio
        {...{ control, name: 'color' }}
        label={t`Colour`}
        options={Object.entries(colors).map(([color, label]) => ({ id: color, label }))}
      />
      <p className="flex items-center gap-2 text-text-2">
        <Trans>It looks so:</Trans>
        <Tag tone={form.watch('color')}>
          <bdi>{form.watch('name').trim() || t`Name`}</bdi>
        </Tag>
      </p>
    </form>
  )
}
