/** What happened, small, between the bubbles; many in a row fold into the last. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import { lazy, Suspense, useState } from 'react'
import { lazyWith } from '../../shell/words.ts'
import { Button } from '../../ui/Button.tsx'
import { patient } from '../../ui/patient.ts'
import { exactInstant, timeOfDay } from '../../ui/time.ts'

const SaidWords = lazyWith('why', () => import('../../why/SaidWords.tsx'))
const TriggerWords = lazy(patient(() => import('./TriggerWords.tsx')))

/** So many stand without folding. */
const unfolded = 2

export function EventLines({ items }: { items: readonly ThreadItem[] }) {
  const { i18n } = useLingui()
  const [isOpen, setOpen] = useState(false)
  const hidden = isOpen ? 0 : Math.max(0, items.length - unfolded)
  return (
    <div className="events">
      {hidden > 0 ? (
        <Button variant="text" size="small" onPress={() => setOpen(true)}>
          <Plural value={hidden} one="# earlier event" other="# earlier events" />
        </Button>
      ) : null}
      {items.slice(hidden).map((item) => (
        <div key={item.seq} className="event">
          <span>
            <Words item={item} />
          </span>
          <time dateTime={item.at} title={exactInstant(Date.parse(item.at), i18n.locale)}>
            {timeOfDay(Date.parse(item.at), i18n.locale)}
          </time>
        </div>
      ))}
    </div>
  )
}

function Words({ item }: { item: ThreadItem }) {
  const { t } = useLingui()
  const who = <bdi>{item.user?.fullname ?? t`The system`}</bdi>
  const { queue, agent, team, disposition, note, from, text, absent, rings, back } = item.data ?? {}
  const to = <bdi>{agent ?? queue ?? team}</bdi>
  switch (item.type) {
    case 'opened':
      return <Trans>Interaction opened</Trans>
    case 'queued':
      if (back) return <Trans>Nobody took it up: waits for {to}, who is busy</Trans>
      return queue ? (
        <Trans>
          Waiting in <bdi>{queue}</bdi>
        </Trans>
      ) : agent || team ? (
        <Trans>Waiting for {to}</Trans>
      ) : (
        <Trans>Waiting</Trans>
      )
    case 'offered':
      return <Trans>Offered to {who}</Trans>
    case 'declined':
      return <Trans>{who} declined</Trans>
    case 'timeout':
      return <Trans>{who} did not answer in time</Trans>
    case 'assigned':
      if (agent)
        return (
          <Trans>
            {who} passed it to {to}
          </Trans>
        )
      return <Trans>{who} took over</Trans>
    case 'released':
      if (absent) return <Trans>Routed again: {who} is absent</Trans>
      return <Trans>{from ? <bdi>{from}</bdi> : who} let it go</Trans>
    case 'transferred':
      if (back) return <Trans>Nobody took it up: back to {to}</Trans>
      if (rings && agent && !note)
        return (
          <Trans>
            {who} asks {to} to take it
          </Trans>
        )
      return note ? (
        <Trans>
          {who} passed it to {to}: <bdi>{note}</bdi>
        </Trans>
      ) : (
        <Trans>
          {who} passed it to {to}
        </Trans>
      )
    case 'closed':
      return disposition ? (
        <Trans>
          {who} closed it: <bdi>{disposition}</bdi>
        </Trans>
      ) : (
        <Trans>{who} closed it</Trans>
      )
    case 'logged':
      return item.said ? (
        <Suspense fallback={<bdi>{text}</bdi>}>
          <SaidWords said={item.said} words={text ?? ''} />
        </Suspense>
      ) : (
        <bdi>{text}</bdi>
      )
    case 'reopened':
      return item.user ? <Trans>{who} reopened it</Trans> : <Trans>Reopened by a new message</Trans>
    case 'triggered':
      return (
        <Suspense>
          <TriggerWords data={item.data ?? {}} />
        </Suspense>
      )
    default:
      return null
  }
}
