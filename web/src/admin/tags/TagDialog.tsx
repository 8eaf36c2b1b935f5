/** Making a tag, or changing one. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Tag as TagRow } from '@patchbay/protocol/api/contacts.ts'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { FormRadio, FormText } from '../../ui/FormFields.tsx'
import { Tag } from '../../ui/Mark.tsx'
import type { TriggerElement } from '../../ui/useOpener.tsx'
import { DialogForm, FormDialog, type Frame } from '../common/FormDialog.tsx'
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
  return (
    <FormDialog trigger={trigger} size="small" title={tag ? t`Change the tag` : t`New tag`}>
      {(frame) => <TagForm frame={frame} {...(tag ? { tag } : {})} />}
    </FormDialog>
  )
}

type Draft = Pick<TagRow, 'id' | 'name' | 'color' | 'version'>
const blank: Draft = { id: 0, name: '', color: 'neutral', version: 0 }

function TagForm({ frame, tag }: { frame: Frame; tag?: TagRow }) {
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
      frame.close()
      return fresh
    },
    reload,
  })
  const { form, submit, conflict } = saved
  const { control } = form
  return (
    <DialogForm frame={frame} form={form} onSubmit={submit}>
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
    </DialogForm>
  )
}
