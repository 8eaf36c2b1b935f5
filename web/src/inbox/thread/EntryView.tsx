/** One entry of the thread as it is drawn. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactElement } from 'react'
import { useNow } from '../../ui/clock.ts'
import { Bubble } from './Bubble.tsx'
import { EventLines } from './EventLine.tsx'
import { dayWords, type Entry } from './entries.ts'
import { PendingBubble } from './PendingBubble.tsx'

interface EntryViewProps {
  entry: Entry
  interactionId: number
  userId: number
}

/** Without hooks, and called as a function: every entry would have one component more to be drawn through. */
export function entryView({ entry, interactionId, userId }: EntryViewProps): ReactElement {
  switch (entry.kind) {
    case 'day':
      return <Day at={entry.at} />
    case 'unread':
      return (
        <div className="day" data-unread>
          <Trans>New</Trans>
        </div>
      )
    case 'events':
      return <EventLines items={entry.items} />
    case 'message':
      return (
        <Bubble
          item={entry.item}
          interactionId={interactionId}
          endsGroup={entry.endsGroup}
          isMine={entry.item.user?.id === userId}
        />
      )
    case 'pending':
      return <PendingBubble item={entry.item} />
  }
}

function Day({ at }: { at: string }) {
  const { i18n } = useLingui()
  const now = useNow(60_000)
  return (
    <div className="day">
      <time dateTime={at}>{dayWords(Date.parse(at), now, i18n.locale)}</time>
    </div>
  )
}
