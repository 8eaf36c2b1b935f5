/** The open menu of presence: states, and the pauses with how long they usually take. Loaded on first use. */
import { useLingui } from '@lingui/react/macro'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { useMe } from '../api/queries.ts'
import type { PresenceWanted } from '../shell/PresenceMenu.tsx'
import { usePauseWords } from '../shell/presence.ts'
import { Dot } from '../ui/Mark.tsx'
import type { MenuAction } from '../ui/Menu.tsx'
import MenuBody, { type MenuBodyProps } from '../ui/MenuBody.tsx'

/** Also what supervisors choose from. */
export const pausesQuery = queryOptions({
  queryKey: ['pauses', 'choices'],
  queryFn: async ({ signal }) => {
    const [pauses, rules] = await Promise.all([
      api('GET /api/openchannel/pauses', { query: { limit: 200 }, signal }),
      api('GET /api/openchannel/presence-rules', { signal }),
    ])
    return { pauses: pauses.rows, rules }
  },
})

type Props = Pick<MenuBodyProps, 'anchor' | 'isOpen' | 'onOpenChange'> & {
  onChoose: (wanted: PresenceWanted) => void
}

export default function PresenceChoices({ onChoose, ...menu }: Props) {
  const { t } = useLingui()
  const { presence } = useMe()
  const { state, reason, slotsUsed, capacity } = presence
  const words = usePauseWords()
  const { data } = useQuery(pausesQuery)
  const pause = (id: string, label: string, minutes: number | null): MenuAction => ({
    id: `paused:${id}`,
    label,
    icon: <Dot tone="warn" />,
    ...(minutes === null ? {} : { description: t`Usually ${minutes} min` }),
  })
  const named = (data?.pauses ?? []).map(({ key, name, minutes }) =>
    pause(key ?? name, words(key ?? name), minutes),
  )
  const isKnown = named.some(({ id }) => id === `paused:${reason ?? ''}`)
  const own = state === 'paused' && reason && !isKnown ? [pause(reason, words(reason), null)] : []
  const plain = data?.rules.pauseNeedsReason === false ? [pause('', t`Without a reason`, null)] : []
  const choose = (id: string) => {
    const [wanted = '', ...why] = id.split(':')
    if (wanted === 'available' || wanted === 'paused' || wanted === 'offline')
      onChoose({ state: wanted, reason: why.join(':') || null })
  }
  return (
    <MenuBody
      {...menu}
      label={t`Presence`}
      placement="bottom end"
      selected={state === 'paused' ? `paused:${reason ?? ''}` : state}
      onSelect={choose}
      items={[
        {
          id: 'available',
          label: state === 'wrap-up' ? t`Available: end the wrap-up` : t`Available`,
          icon: <Dot tone="ok" />,
          description:
            slotsUsed >= capacity
              ? t`All ${capacity} slots are taken: the next offer comes when one is free`
              : t`${slotsUsed} of ${capacity} slots used`,
        },
        { title: t`Pause`, items: [...named, ...own, ...plain] },
        { title: t`Away`, items: [{ id: 'offline', label: t`Offline`, icon: <Dot tone="neutral" /> }] },
      ]}
    />
  )
}
