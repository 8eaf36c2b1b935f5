/** What the agent is doing now, since when, and how to change it. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { PresenceState } from '@patchbay/protocol/api/session.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { api } from '../api/api.ts'
import { meQuery, useMe } from '../api/queries.ts'
import { useProblem } from '../api/useProblem.ts'
import { Button } from '../ui/Button.tsx'
import { Dot } from '../ui/Mark.tsx'
import { Menu } from '../ui/Menu.tsx'
import { Elapsed } from '../ui/Time.tsx'
import { toast } from '../ui/Toast.tsx'

const names = { available: msg`Available`, paused: msg`Paused`, offline: msg`Offline` } satisfies Record<
  PresenceState['state'],
  MessageDescriptor
>
const tones = { available: 'ok', paused: 'warn', offline: 'neutral' } as const

/** Stored by key, so that every colleague reads the reason in his own language. */
const reasons: Record<string, MessageDescriptor> = {
  break: msg`Break`,
  lunch: msg`Lunch`,
  meeting: msg`Meeting`,
  training: msg`Training`,
}

export function PresenceMenu() {
  const { i18n, t } = useLingui()
  const { presence } = useMe()
  const set = useSetPresence()
  const choose = (id: string) => {
    const [state, reason] = id.split(':')
    if (state === 'available' || state === 'paused' || state === 'offline')
      set.mutate({ state, reason: reason ?? null })
  }
  const why =
    presence.reason &&
    (reasons[presence.reason] ? i18n._(reasons[presence.reason] as MessageDescriptor) : presence.reason)
  return (
    <Menu
      label={t`Presence`}
      placement="bottom end"
      selected={presence.reason ? `${presence.state}:${presence.reason}` : presence.state}
      onSelect={choose}
      trigger={
        <Button
          icon={<Dot tone={tones[presence.state]} />}
          iconEnd={<ChevronDown aria-hidden />}
          isPending={set.isPending}
        >
          {why ?? i18n._(names[presence.state])}
          <Elapsed since={presence.since} className="max-narrow:hidden font-normal text-text-2" />
        </Button>
      }
      items={[
        { id: 'available', label: t`Available`, icon: <Dot tone="ok" /> },
        {
          title: t`Pause`,
          items: Object.entries(reasons).map(([key, label]) => ({
            id: `paused:${key}`,
            label: i18n._(label),
            icon: <Dot tone="warn" />,
          })),
        },
        { title: t`Away`, items: [{ id: 'offline', label: t`Offline`, icon: <Dot tone="neutral" /> }] },
      ]}
    />
  )
}

/** Sets the own presence; also for a banner's Resume. */
export function useSetPresence() {
  const client = useQueryClient()
  const problem = useProblem()
  return useMutation({
    mutationFn: (body: { state: PresenceState['state']; reason: string | null }) =>
      api('PUT /api/me/presence', { body }),
    onSuccess: (presence) => client.setQueryData(meQuery.queryKey, (me) => me && { ...me, presence }),
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
}
