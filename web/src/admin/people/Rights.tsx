/** What a user may, sees and is offered, each with its reason; and the way to look at the desk as him. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { User } from '@patchbay/protocol/api/people.ts'
import type { Because, Rights as RightsAnswer } from '@patchbay/protocol/api/roles.ts'
import { useQuery } from '@tanstack/react-query'
import { Check, Eye, X } from 'lucide-react'
import { api } from '../../api/api.ts'
import { useMe } from '../../api/queries.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Button } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { Card } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { rightsQuery } from '../common/queries.ts'
import { permissionNames, useRoleName } from './permissions.ts'

export function Rights({ user }: { user: User }) {
  const { t } = useLingui()
  const rights = useQuery(rightsQuery(user.id))
  return (
    <Card title={t`Rights`} meta={<ViewAs user={user} />}>
      {rights.isError ? (
        <Failed error={rights.error} onRetry={() => void rights.refetch()} />
      ) : rights.data ? (
        <Reasons rights={rights.data} />
      ) : (
        <SkeletonLines lines={6} />
      )}
    </Card>
  )
}

function Reasons({ rights }: { rights: RightsAnswer }) {
  const { t, i18n } = useLingui()
  const { role, accounts, queues, permissions } = rights
  const why = useWhy(role)
  return (
    <>
      <Lines
        title={t`Accounts`}
        nothing={t`There is no account.`}
        lines={accounts.map((one) => ({ ...one, isOn: one.reaches, why: why(one.because) }))}
      />
      <Lines
        title={t`Queues`}
        nothing={t`There is no queue.`}
        lines={queues.map((one) => ({ ...one, isOn: one.reaches, why: why(one.because) }))}
      />
      <Lines
        title={t`Permissions`}
        nothing=""
        lines={permissions.map(({ permission, allowed, because }) => ({
          id: permission,
          name: i18n._(permissionNames[permission]),
          isOn: allowed,
          why: why(because),
        }))}
      />
    </>
  )
}

function useWhy(role: RightsAnswer['role']) {
  const { t } = useLingui()
  const roleName = useRoleName()(role)
  const one = ({ by, name }: Because) => {
    if (by === 'role') return t`role ${roleName}`
    if (by === 'team') return t`team ${name}`
    if (by === 'agent') return t`added by name`
    if (by === 'no-module') return t`not allowed by the role ${roleName}`
    return t`not added`
  }
  return (because: readonly Because[]) => because.map(one).join(', ')
}

interface Line {
  id: number | string
  name: string
  isOn: boolean
  why: string
}

function Lines({ title, nothing, lines }: { title: string; nothing: string; lines: readonly Line[] }) {
  const { t } = useLingui()
  return (
    <section className="flex flex-col gap-1">
      <h3 className="text-h4">{title}</h3>
      {lines.length === 0 ? <p className="text-text-2">{nothing}</p> : null}
      <ul className="flex flex-col gap-1">
        {lines.map(({ id, name, isOn, why }) => (
          <li key={id} className="flex items-baseline gap-2">
            {isOn ? (
              <Check role="img" aria-label={t`Yes`} className="flex-none self-center" size={16} />
            ) : (
              <X role="img" aria-label={t`No`} className="flex-none self-center text-text-3" size={16} />
            )}
            <bdi>{name}</bdi>
            <span className="text-small text-text-2">
              <bdi>{why}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function ViewAs({ user }: { user: User }) {
  const { id, permissions } = useMe()
  const problem = useProblem()
  if (user.disabled || user.id === id || !permissions.includes('view-as')) return null
  const look = async () => {
    try {
      await api('POST /api/users/:id/view-as', { params: { id: user.id }, body: {} })
      // Everything that is kept here belongs to somebody else now.
      location.assign('/')
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
    }
  }
  return (
    <Button icon={<Eye aria-hidden />} onPress={() => void look()}>
      <Trans>View as</Trans>
    </Button>
  )
}
