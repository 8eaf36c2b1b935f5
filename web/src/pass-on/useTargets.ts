/** To whom an interaction can be passed: queues, agents or teams, each with how busy it is. */
import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { useMe } from '../api/queries.ts'
import { stateNames, stateTones } from '../shell/presence.ts'
import { found } from '../ui/found.ts'
import type { Tone } from '../ui/tone.ts'

export type TargetKind = 'queue' | 'agent' | 'team'

export interface Target {
  id: number
  label: string
  /** How busy it is. */
  words: string
  tone: Tone
}

export function useTargets(
  interactionId: number,
  kind: TargetKind,
  search: string,
): { targets: Target[]; isLoading: boolean } {
  const { t, i18n } = useLingui()
  const me = useMe()
  const { data, isPending } = useQuery({
    queryKey: ['targets', interactionId],
    queryFn: ({ signal }) =>
      api('GET /api/openchannel/interactions/:id/targets', { params: { id: interactionId }, signal }),
    staleTime: 0,
  })
  const tone = (free: number) => (free > 0 ? ('ok' as const) : ('neutral' as const))
  const targets = {
    queue: () =>
      (data?.queues ?? []).map(({ id, name, waiting, free }) => ({
        id,
        label: name,
        words: t`${waiting} waiting · ${free} free`,
        tone: tone(free),
      })),
    agent: () =>
      (data?.agents ?? [])
        .filter(({ id }) => id !== me.id)
        .map(({ id, fullname, presence, free }) => {
          const isHere = presence === 'available'
          return {
            id,
            label: fullname,
            words: isHere ? t`${free} free` : i18n._(stateNames[presence]),
            tone: isHere && free === 0 ? ('warn' as const) : stateTones[presence],
          }
        }),
    team: () =>
      (data?.teams ?? []).map(({ id, name, free }) => ({
        id,
        label: name,
        words: t`${free} available`,
        tone: tone(free),
      })),
  }[kind]()
  return { targets: found(targets, search), isLoading: isPending }
}
