/** The head of a role's column: its name, how many have it, and what can be done with it. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { RoleRow } from '@patchbay/protocol/api/roles.ts'
import { useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { Select } from '../../ui/Select.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useRoleName } from './permissions.ts'

export function RoleHead({ role, roles }: { role: RoleRow; roles: readonly RoleRow[] }) {
  const { t } = useLingui()
  const nameOf = useRoleName()
  const { users } = role
  return (
    <span className="inline-flex items-center gap-1">
      <span className="flex flex-col">
        <bdi className="text-text">{nameOf(role)}</bdi>
        <span>{users === 1 ? t`1 user` : t`${users} users`}</span>
      </span>
      {role.preset ? null : <Delete role={role} others={roles.filter(({ id }) => id !== role.id)} />}
    </span>
  )
}

function Delete({ role, others }: { role: RoleRow; others: readonly RoleRow[] }) {
  const { t } = useLingui()
  const nameOf = useRoleName()
  const client = useQueryClient()
  const problem = useProblem()
  const [replacementId, setReplacement] = useState<number | null>(
    others.find(({ preset }) => preset === 'agent')?.id ?? null,
  )
  const remove = async () => {
    try {
      const query = role.users > 0 && replacementId !== null ? { replacementId } : {}
      await api('DELETE /api/roles/:id', { params: { id: role.id }, query })
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
      throw error
    }
    toast(t`Deleted.`)
    await client.invalidateQueries({ queryKey: ['users'] })
  }
  return (
    <Confirm
      trigger={<IconButton label={t`Delete ${role.name}`} icon={<Trash2 aria-hidden />} />}
      title={t`Delete ${role.name}?`}
      confirm={t`Delete the role`}
      onConfirm={remove}
    >
      {role.users === 0 ? (
        <Trans>Nobody has this role.</Trans>
      ) : (
        <Select
          label={t`Its users get the role`}
          value={replacementId}
          onChange={setReplacement}
          options={others.map((other) => ({ id: other.id, label: nameOf(other) }))}
        />
      )}
    </Confirm>
  )
}
