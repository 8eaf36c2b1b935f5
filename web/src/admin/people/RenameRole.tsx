/** Another name for a role that is no preset. */
import { useLingui } from '@lingui/react/macro'
import type { RoleRow } from '@patchbay/protocol/api/roles.ts'
import { useQueryClient } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { api } from '../../api/api.ts'
import { IconButton } from '../../ui/Button.tsx'
import { FormText } from '../../ui/FormFields.tsx'
import { DialogForm, FormDialog, type Frame } from '../common/FormDialog.tsx'
import { MergeChoice } from '../common/MergeChoice.tsx'
import { rolesQuery } from '../common/queries.ts'
import { useSavedForm } from '../common/useSavedForm.ts'

export function RenameRole({ role }: { role: RoleRow }) {
  const { t } = useLingui()
  return (
    <FormDialog
      trigger={<IconButton label={t`Rename ${role.name}`} icon={<Pencil aria-hidden />} />}
      size="small"
      title={t`Rename the role`}
    >
      {(frame) => <NameForm frame={frame} role={role} />}
    </FormDialog>
  )
}

function NameForm({ frame, role }: { frame: Frame; role: RoleRow }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const reload = () => client.invalidateQueries({ queryKey: rolesQuery.queryKey })
  const { form, submit, conflict } = useSavedForm({
    entity: role,
    read: ({ name }: RoleRow) => ({ name }),
    stampOf: ({ version }) => version,
    save: async ({ name = role.name }, base) => {
      const body = { name: name.trim(), version: base.version }
      const fresh = await api('PATCH /api/roles/:id', { params: { id: base.id }, body })
      await reload()
      frame.close()
      return fresh
    },
    reload,
  })
  return (
    <DialogForm frame={frame} form={form} onSubmit={submit}>
      {conflict ? <MergeChoice conflict={conflict} labels={{ name: t`Name` }} /> : null}
      <FormText
        {...{ control: form.control, name: 'name' }}
        autoFocus
        label={t`Name`}
        rules={{ validate: (value) => Boolean(String(value).trim()) || t`Write a name.` }}
      />
    </DialogForm>
  )
}
