/** Makes a role as a copy of another. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { RoleRow } from '@patchbay/protocol/api/roles.ts'
import { useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useMe } from '../../api/queries.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { FormSelect, FormText } from '../../ui/FormFields.tsx'
import { DialogForm, FormDialog, type Frame } from '../common/FormDialog.tsx'
import { rolesQuery } from '../common/queries.ts'
import { useRoleName } from './permissions.ts'

export function NewRole({ roles }: { roles: readonly RoleRow[] }) {
  const { t } = useLingui()
  return (
    <FormDialog
      title={t`New role`}
      size="small"
      trigger={
        <Button variant="primary" icon={<Plus aria-hidden />}>
          <Trans>New role</Trans>
        </Button>
      }
      confirm={t`Make it`}
    >
      {(frame) => <Form frame={frame} roles={roles} />}
    </FormDialog>
  )
}

function Form({ frame, roles }: { frame: Frame; roles: readonly RoleRow[] }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const nameOf = useRoleName()
  const { permissions: mine } = useMe()
  const agent = roles.find(({ preset }) => preset === 'agent')
  const form = useForm({ defaultValues: { name: '', copyOf: agent?.id ?? 0 } })
  const submit = useSubmit(form, async ({ name, copyOf }) => {
    const permissions = roles.find((role) => role.id === copyOf)?.permissions ?? []
    const body = { name: name.trim(), permissions: permissions.filter((one) => mine.includes(one)) }
    await api('POST /api/roles', { body })
    await client.invalidateQueries({ queryKey: rolesQuery.queryKey })
    frame.close()
  })
  return (
    <DialogForm frame={frame} form={form} onSubmit={submit}>
      <FormText
        {...{ control: form.control, name: 'name' }}
        autoFocus
        label={t`Name`}
        rules={{ validate: (value) => Boolean(String(value).trim()) || t`Write a name.` }}
      />
      <FormSelect
        {...{ control: form.control, name: 'copyOf' }}
        label={t`Copy of`}
        description={t`It begins with the same permissions.`}
        options={roles.map((role) => ({ id: role.id, label: nameOf(role) }))}
      />
    </DialogForm>
  )
}
