/** Making a tag, or changing one. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Tag as TagRow } from '@patchbay/protocol/api/contacts.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { api } from '../../api/api.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormRadio, FormText } from '../../ui/FormFields.tsx'
import { Tag } from '../../ui/Mark.tsx'
import type { TriggerElement } from '../../ui/useOpener.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { MergeChoice } from '../common/MergeChoice.tsx'
import { useSavedForm } from '../common/useSavedForm.ts'
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

type Draft = Pick<TagRow, 'id' | 'name' | 'color' | 'version'>
const blank: Draft = { id: 0, name: '', color: 'neutral', version: 0 }

function TagForm({ id, tag, onDone }: { id: string; tag?: TagRow; onDone: () => void }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const colors = useColors()
  const reload = () => client.invalidateQueries({ queryKey: ['tags'] })
  const saved = useSavedForm<Draft, Pick<Draft, 'name' | 'color'>>({
    entity: tag ?? blank,
    read: ({ name, color }) => ({ name, color }),
    stampOf: ({ version }) => version,
    save: async ({ name, color }, base) => {
      const body = { ...(name !== undefined && { name: name.trim() }), ...(color && { color }) }
      const fresh =
        base.id === 0
          ? await api('POST /api/tags', { body: { name: '', ...body } })
          : await api('PATCH /api/tags/:id', {
              params: { id: base.id },
              body: { ...body, version: base.version },
            })
      await reload()
      onDone()
      return fresh
    },
    reload,
  })
  const { form, submit, conflict } = saved
  const { control } = form
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
      {conflict ? <MergeChoice conflict={conflict} labels={{ name: t`Name`, color: t`Colour` }} /> : null}
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
