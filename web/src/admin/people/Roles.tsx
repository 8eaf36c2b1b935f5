/** Roles side by side: what each allows, as a matrix. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { RoleRow } from '@patchbay/protocol/api/roles.ts'
import { type Permission, permissionGroups } from '@patchbay/protocol/permissions.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import { api } from '../../api/api.ts'
import { useMe } from '../../api/queries.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Failed } from '../../shell/Failed.tsx'
import { useLeaveGuard } from '../../shell/useLeaveGuard.tsx'
import { Checkbox, Switch } from '../../ui/Choice.tsx'
import { Skeleton } from '../../ui/Mark.tsx'
import { Card } from '../../ui/Page.tsx'
import { SaveBar } from '../../ui/SaveBar.tsx'
import { toast } from '../../ui/Toast.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { rolesQuery } from '../common/queries.ts'
import { NewRole } from './NewRole.tsx'
import { groupNames, permissionNames, useRoleName } from './permissions.ts'
import { RoleHead } from './RoleHead.tsx'

/** By role: what is given (true) and taken away (false), which holds beside what somebody else saves meanwhile. */
type Draft = ReadonlyMap<number, ReadonlyMap<Permission, boolean>>

export function Roles() {
  const { t } = useLingui()
  const roles = useQuery(rolesQuery)
  const nameOf = useRoleName()
  const [draft, setDraft] = useState<Draft>(new Map())
  const [isShort, setShort] = useState(false)
  const save = useSave(draft, roles.data ?? [], () => setDraft(new Map()))
  const guard = useLeaveGuard(draft.size > 0)
  const rows = roles.data ?? []
  return (
    <AdminPage
      history={{ object: 'role' }}
      title={t`Roles`}
      description={t`What the users of a role may do. A change takes effect at once, also on desks that are open.`}
      calls={[
        { key: 'GET /api/roles' },
        { key: 'POST /api/roles', body: { name: 'Night shift', permissions: ['openchannel'] } },
      ]}
      actions={<NewRole roles={rows} />}
    >
      <Switch isSelected={isShort} onChange={setShort}>
        <Trans>Only where the roles differ</Trans>
      </Switch>
      {roles.isError ? (
        <Failed error={roles.error} onRetry={() => void roles.refetch()} />
      ) : (
        <Card isFlush>
          {roles.data ? (
            <Matrix roles={rows} draft={draft} onDraft={setDraft} isShort={isShort} />
          ) : (
            <div className="p-4">
              <Skeleton />
            </div>
          )}
        </Card>
      )}
      <SaveBar
        changes={rows.filter(({ id }) => draft.has(id)).map(nameOf)}
        isSaving={save.isSaving}
        onSave={() => void save.run()}
        onUndo={() => setDraft(new Map())}
      />
      {guard}
    </AdminPage>
  )
}

function useSave(draft: Draft, roles: readonly RoleRow[], onSaved: () => void) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const [isSaving, setSaving] = useState(false)
  const run = async () => {
    setSaving(true)
    try {
      for (const role of roles.filter(({ id }) => draft.has(id)))
        await api('PATCH /api/roles/:id', {
          params: { id: role.id },
          body: { permissions: withDraft(role, draft), version: role.version },
        })
      onSaved()
      toast(t`Saved. It is in effect.`, { tone: 'ok' })
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
    }
    await client.invalidateQueries({ queryKey: rolesQuery.queryKey })
    setSaving(false)
  }
  return { isSaving, run }
}

function withDraft(role: RoleRow, draft: Draft): Permission[] {
  const allowed = new Set(role.permissions)
  for (const [permission, isOn] of draft.get(role.id) ?? [])
    if (isOn) allowed.add(permission)
    else allowed.delete(permission)
  return [...allowed]
}

interface MatrixProps {
  roles: readonly RoleRow[]
  draft: Draft
  onDraft: (draft: Draft) => void
  isShort: boolean
}

function Matrix({ roles, draft, onDraft, isShort }: MatrixProps) {
  const { t, i18n } = useLingui()
  const nameOf = useRoleName()
  const { permissions: mine } = useMe()
  const allows = (role: RoleRow, permission: Permission) =>
    draft.get(role.id)?.get(permission) ?? role.permissions.includes(permission)
  const set = (role: RoleRow, permission: Permission, isOn: boolean) => {
    const changes = new Map(draft.get(role.id))
    if (role.permissions.includes(permission) === isOn) changes.delete(permission)
    else changes.set(permission, isOn)
    const next = new Map(draft)
    if (changes.size === 0) next.delete(role.id)
    else next.set(role.id, changes)
    onDraft(next)
  }
  // Who lacks something of a role can neither take it away nor give it.
  const isFixed = (role: RoleRow, permission: Permission) =>
    role.preset === 'admin' ||
    !mine.includes(permission) ||
    role.permissions.some((one) => !mine.includes(one))
  const differs = (permission: Permission) => new Set(roles.map((role) => allows(role, permission))).size > 1
  const groups = (Object.keys(permissionGroups) as (keyof typeof permissionGroups)[]).map((group) => ({
    group,
    permissions: permissionGroups[group].filter((permission) => !isShort || differs(permission)),
  }))
  return (
    <section
      className="table-frame"
      style={{ maxHeight: 'calc(100dvh - 220px)' }}
      aria-label={t`Permissions of the roles`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
    >
      <table className="data-table" onKeyDown={walk}>
        <thead>
          <tr>
            <th scope="col">{t`Permission`}</th>
            {roles.map((role) => (
              <th key={role.id} scope="col">
                <RoleHead role={role} roles={roles} />
              </th>
            ))}
          </tr>
        </thead>
        {groups.map(({ group, permissions }) =>
          permissions.length === 0 ? null : (
            <tbody key={group}>
              <tr>
                <th scope="rowgroup" colSpan={roles.length + 1} style={line}>
                  {i18n._(groupNames[group])}
                </th>
              </tr>
              {permissions.map((permission) => (
                <tr key={permission}>
                  <th scope="row" style={atStart}>
                    {i18n._(permissionNames[permission])}
                  </th>
                  {roles.map((role) => (
                    <td key={role.id}>
                      <Checkbox
                        aria-label={`${nameOf(role)}: ${i18n._(permissionNames[permission])}`}
                        isSelected={allows(role, permission)}
                        isDisabled={isFixed(role, permission)}
                        onChange={(isOn) => set(role, permission, isOn)}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          ),
        )}
      </table>
    </section>
  )
}

// Names stay in sight beside many roles, and not one above the other.
const line = { insetBlockStart: 'auto', color: 'var(--text)', fontSize: 'inherit' } as const
const atStart = {
  ...line,
  insetInlineStart: 0,
  zIndex: 1,
  minWidth: 144,
  paddingBlock: 4,
  fontWeight: 400,
  whiteSpace: 'normal',
} as const

const steps: Readonly<Record<string, [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** Arrows go from box to box, over those that cannot be changed. */
function walk(event: KeyboardEvent<HTMLTableElement>) {
  const step = steps[event.key]
  const from = (event.target as HTMLElement).closest('td')
  if (!step || !from) return
  event.preventDefault()
  const lines = [...event.currentTarget.rows]
  let [line, column] = [lines.indexOf(from.parentElement as HTMLTableRowElement), from.cellIndex]
  for (;;) {
    line += step[0]
    column += step[1]
    const row = lines[line]
    if (!row || column < 1 || line < 1) return
    const input = row.cells[column]?.querySelector('input:not(:disabled)')
    if (input instanceof HTMLElement) return input.focus()
    if (step[1] !== 0 && !row.cells[column]) return
  }
}
