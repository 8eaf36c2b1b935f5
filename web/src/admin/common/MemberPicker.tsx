/** Choosing people and teams: everybody on the one side, the chosen on the other. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Team, User } from '@patchbay/protocol/api/people.ts'
import { useQuery } from '@tanstack/react-query'
import { Plus, User as UserIcon, Users, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Failed } from '../../shell/Failed.tsx'
import { IconButton } from '../../ui/Button.tsx'
import { SkeletonLines, Tag } from '../../ui/Mark.tsx'
import { Card } from '../../ui/Page.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { type Members, peopleOf } from './members.ts'
import { teamsQuery, usersQuery } from './queries.ts'

export interface MemberPickerProps {
  value: Members
  onChange: (value: Members) => void
  /** The title of the side of the chosen. */
  title: string
  /** A team has people only. */
  isWithoutTeams?: boolean
  /** Stands in place of the chosen while there are none. */
  empty: ReactNode
}

/** More is found by typing. */
const mostShown = 100

export function MemberPicker({ value, onChange, title, isWithoutTeams = false, empty }: MemberPickerProps) {
  const { t } = useLingui()
  const [search, setSearch] = useState('')
  const { data: users, ...ofUsers } = useQuery(usersQuery)
  const { data: teams, ...ofTeams } = useQuery(teamsQuery)
  if (!users || !teams) {
    const failed = [ofUsers, ofTeams].find(({ isError }) => isError)
    if (failed) return <Failed error={failed.error} onRetry={() => void failed.refetch()} />
    return <SkeletonLines lines={6} />
  }
  const isFound = (name: string) => name.toLowerCase().includes(search.trim().toLowerCase())
  const free = users.filter(
    (user) =>
      !user.disabled && !value.agentIds.includes(user.id) && isFound(`${user.fullname} ${user.email}`),
  )
  const freeTeams = isWithoutTeams
    ? []
    : teams.filter((team) => !value.teamIds.includes(team.id) && isFound(team.name))
  const people = peopleOf(value, teams).size
  const addTeam = (id: number) => onChange({ ...value, teamIds: [...value.teamIds, id] })
  const addUser = (id: number) => onChange({ ...value, agentIds: [...value.agentIds, id] })
  const without = (ids: readonly number[], id: number) => ids.filter((one) => one !== id)
  return (
    <div className="grid items-start gap-3 narrow:grid-cols-2">
      <Card
        isFlush
        title={isWithoutTeams ? t`Everybody` : t`Everybody and teams`}
        meta={<span className="tabular">{free.length + freeTeams.length}</span>}
      >
        <div className="border-border border-b p-3">
          <SearchField
            label={isWithoutTeams ? t`Search people` : t`Search people and teams`}
            value={search}
            onChange={setSearch}
          />
        </div>
        <ul className="max-h-[420px] overflow-auto p-1">
          {freeTeams.map((team) => (
            <TeamLine key={team.id} team={team}>
              <IconButton
                size="small"
                label={t`Add ${team.name}`}
                icon={<Plus aria-hidden />}
                onPress={() => addTeam(team.id)}
              />
            </TeamLine>
          ))}
          {free.slice(0, mostShown).map((user) => (
            <UserLine key={user.id} user={user}>
              <IconButton
                size="small"
                label={t`Add ${user.fullname}`}
                icon={<Plus aria-hidden />}
                onPress={() => addUser(user.id)}
              />
            </UserLine>
          ))}
          {free.length + freeTeams.length === 0 ? (
            <li className="p-2 text-text-3">
              <Trans>Nobody else.</Trans>
            </li>
          ) : null}
          {free.length > mostShown ? (
            <li className="p-2 text-text-3">
              <Trans>{free.length - mostShown} more: type a name.</Trans>
            </li>
          ) : null}
        </ul>
      </Card>
      <Card isFlush title={title} meta={<Plural value={people} one="# person" other="# people" />}>
        <ul className="max-h-[480px] overflow-auto p-1">
          {teams
            .filter(({ id }) => value.teamIds.includes(id))
            .map((team) => (
              <TeamLine key={team.id} team={team}>
                <IconButton
                  size="small"
                  label={t`Remove ${team.name}`}
                  icon={<X aria-hidden />}
                  onPress={() => onChange({ ...value, teamIds: without(value.teamIds, team.id) })}
                />
              </TeamLine>
            ))}
          {users
            .filter(({ id }) => value.agentIds.includes(id))
            .map((user) => (
              <UserLine key={user.id} user={user}>
                <IconButton
                  size="small"
                  label={t`Remove ${user.fullname}`}
                  icon={<X aria-hidden />}
                  onPress={() => onChange({ ...value, agentIds: without(value.agentIds, user.id) })}
                />
              </UserLine>
            ))}
          {value.agentIds.length + value.teamIds.length === 0 ? (
            <li className="p-2 text-text-2">{empty}</li>
          ) : null}
        </ul>
      </Card>
    </div>
  )
}

function UserLine({ user, children }: { user: User; children: ReactNode }) {
  const { t } = useLingui()
  return (
    <li className="flex min-h-9 items-center gap-2 rounded-control ps-2 hover:bg-hover">
      <UserIcon aria-hidden className="text-text-3" />
      <span className="min-w-0 flex-1 truncate">
        <bdi>{user.fullname}</bdi> <bdi className="text-small text-text-3">{user.email}</bdi>
      </span>
      {user.disabled ? <Tag tone="warn">{t`Disabled`}</Tag> : null}
      {children}
    </li>
  )
}

function TeamLine({ team, children }: { team: Team; children: ReactNode }) {
  return (
    <li className="flex min-h-9 items-center gap-2 rounded-control ps-2 hover:bg-hover">
      <Users aria-hidden className="text-text-3" />
      <span className="min-w-0 flex-1 truncate">
        <bdi>{team.name}</bdi>{' '}
        <span className="text-small text-text-3">
          <Plural value={team.userIds.length} one="# person" other="# people" />
        </span>
      </span>
      {children}
    </li>
  )
}
