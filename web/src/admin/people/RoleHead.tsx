/** The head of a role's column: its name, how many have it, and what can be done with it. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { RoleRow } from '@patchbay/protocol/api/roles.ts'
import { Trash2 } from 'lucide-react'
import { IconButton } from '../../ui/Button.tsx'
import { DeleteUsed } from '../common/DeleteUsed.tsx'
import { useRoleName } from './permissions.ts'
import { RenameRole } from './RenameRole.tsx'

export function RoleHead({ role, roles }: { role: RoleRow; roles: readonly RoleRow[] }) {
  const { t } = useLingui()
  const nameOf = useRoleName()
  const { users } = role
  return (
    <span className="inline-flex items-center gap-1">
      <span className="flex flex-col">
        <bdi className="max-w-[180px] truncate text-text" title={nameOf(role)}>
          {nameOf(role)}
        </bdi>
        <span>{users === 1 ? t`1 user` : t`${users} users`}</span>
      </span>
      {role.preset ? null : <RenameRole role={role} />}
      {role.preset ? null : <Delete role={role} others={roles.filter(({ id }) => id !== role.id)} />}
    </span>
  )
}

function Delete({ role, others }: { role: RoleRow; others: readonly RoleRow[] }) {
  const { t } = useLingui()
  const nameOf = useRoleName()
  return (
    <DeleteUsed
      of="DELETE /api/roles/:id"
      id={role.id}
      others={others.map((other) => ({ id: other.id, label: nameOf(other) }))}
      keys={['users', 'sign-in-settings']}
      trigger={<IconButton label={t`Delete ${role.name}`} icon={<Trash2 aria-hidden />} />}
      title={t`Delete ${role.name}?`}
      confirm={t`Delete the role`}
    >
      {role.users === 0 ? (
        <Trans>Nobody has this role.</Trans>
      ) : (
        <Trans>Its users need another one: you are asked which.</Trans>
      )}
    </DeleteUsed>
  )
}
