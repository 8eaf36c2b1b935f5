/** To whom an interaction can be passed: queues, or colleagues with those who are free first. */
import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useMe } from '../../api/queries.ts'
import { stateNames, stateTones } from '../../shell/presence.ts'
import type { Tone } from '../../ui/tone.ts'
import { queuesQuery, usersQuery } from '../queries.ts'

export type TargetKind = 'queue' | 'agent'

export interface Target {
  id: number
  name: string
  /** How busy it is. */
  words: string
  tone: Tone
}

const order = Object.keys(stateNames)

export function useTargets(kind: TargetKind, search: string): { targets: Target[]; isLoading: boolean } {
  const { t, i18n } = useLingui()
  const me = useMe()
  const queues = useQuery(queuesQuery)
  const users = useQuery({ ...usersQuery, staleTime: 0 })
  const wanted = search.trim().toLowerCase()
  const fits = (name: string) => name.toLowerCase().includes(wanted)
  if (kind === 'queue') {
    const targets = (queues.data?.rows ?? [])
      .filter(({ name }) => fits(name))
      .map(({ id, name, waiting }) => ({ id, name, words: t`${waiting} waiting`, tone: 'neutral' as const }))
    return { targets, isLoading: queues.isPending }
  }
  const targets = (users.data?.rows ?? [])
    .filter((user) => !user.disabled && user.id !== me.id && fits(user.fullname))
    .sort(
      (a, b) => order.indexOf(a.presence) - order.indexOf(b.presence) || a.fullname.localeCompare(b.fullname),
    )
    .map(({ id, fullname, presence }) => ({
      id,
      name: fullname,
      words: i18n._(stateNames[presence]),
      tone: stateTones[presence],
    }))
  return { targets, isLoading: users.isPending }
}
