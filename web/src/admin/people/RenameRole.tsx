/** Another name for a role that is no preset. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { RoleRow } from '@patchbay/protocol/api/roles.ts'
import { useQueryClient } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useId } from 'react'
import { api } from '../../api/api.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormText } from '../../ui/FormFields.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { MergeChoice } from '../common/MergeChoice.tsx'
import { rolesQuery } from '../common/queries.ts'
import { useSavedForm } from '../common/useSavedForm.ts'

export function RenameRole({ role }: { role: RoleRow }) {
  const { t } = useLingui()
  const id = useId()
  return (
    <Dialog
      trigger={<IconButton label={t`Rename ${role.name}`} icon={<Pencil aria-hidden />} />}
      size="small"
      title={t`Rename the role`}
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
      {(close) => <NameForm id={id} role={role} onDone={close} />}
    </Dialog>
  )
}

function NameForm({ id, role, onDone }: { id: string; role: RoleRow; onDone: () => void }) {
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
      onDone()
      return fresh
    },
    reload,
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
      {conflict ? <MergeChoice conflict={conflict} labels={{ name: t`Name` }} /> : null}
      <FormText
        {...{ control: form.control, name: 'name' }}
        autoFocus
        label={t`Name`}
        rules={{ validate: (value) => Boolean(String(value).trim()) || t`Write a name.` }}
      />
    </form>
  )
}
