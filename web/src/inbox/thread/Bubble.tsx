/** One message: text or file, and below the last of a group who, when, and what became of it. */
import { Trans, useLingui } from '@lingui/react/macro'
import { StickyNote } from 'lucide-react'
import { memo } from 'react'
import { Name } from '../../ui/Bidi.tsx'
import { exactInstant, timeOfDay } from '../../ui/time.ts'
import type { MessageItem } from './entries.ts'
import { FileCard } from './FileCard.tsx'
import { MessageStatus } from './MessageStatus.tsx'
import { linked } from './text.tsx'

interface BubbleProps {
  item: MessageItem
  interactionId: number
  endsGroup: boolean
  isMine: boolean
}

export const Bubble = memo(function Bubble(props: BubbleProps) {
  const { item, endsGroup } = props
  const { message } = item
  const side = item.type === 'note' ? 'note' : message.direction
  return (
    <div className="said" data-side={side}>
      <div className="bubble">
        {/* Inside, since the bubble's corner goes by the page's direction and not by the words'. */}
        <div dir="auto">
          {side === 'note' ? <StickyNote aria-hidden className="bubble-mark" /> : null}
          {message.file ? <FileCard file={message.file} /> : linked(message.body)}
        </div>
      </div>
      {endsGroup ? <Meta {...props} /> : null}
    </div>
  )
})

function Meta({ item, interactionId, isMine }: BubbleProps) {
  const { i18n, t } = useLingui()
  const { message, user } = item
  const at = Date.parse(item.at)
  const isOut = message.direction === 'out'
  const isNote = item.type === 'note'
  const who = isMine ? (isNote ? t`You` : null) : (user?.fullname ?? message.sentBy)
  return (
    <div className="said-meta" data-tone={message.status === 'failed' ? 'bad' : undefined}>
      {isOut && (who || isNote) ? (
        <span>
          {who ? <Name>{who}</Name> : null}
          {who && isNote ? ' · ' : null}
          {isNote ? <Trans>note</Trans> : null}
          {' ·'}
        </span>
      ) : null}
      <time dateTime={item.at} title={exactInstant(at, i18n.locale)}>
        {timeOfDay(at, i18n.locale)}
      </time>
      {isOut && !isNote ? <MessageStatus interactionId={interactionId} message={message} /> : null}
    </div>
  )
}
