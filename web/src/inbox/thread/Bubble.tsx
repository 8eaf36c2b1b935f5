/** One message: text or file, and below the last of a group who, when, and what became of it. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Ban, StickyNote } from 'lucide-react'
import { memo } from 'react'
import { Name } from '../../ui/Bidi.tsx'
import { Tag } from '../../ui/Mark.tsx'
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
          {message.deletedAt === null && !message.file ? linked(message.body) : <Said message={message} />}
        </div>
      </div>
      {message.reactions.length > 0 ? <Reactions message={message} /> : null}
      {endsGroup ? <Meta {...props} /> : null}
    </div>
  )
})

/** What is more than words. */
function Said({ message }: Pick<BubbleProps['item'], 'message'>) {
  const { direction, body, file, deletedAt } = message
  if (deletedAt !== null)
    return (
      <span className="italic">
        <Ban aria-hidden className="bubble-mark" />
        {direction === 'in' ? <Trans>Deleted by the customer</Trans> : <Trans>Deleted in the channel</Trans>}
      </span>
    )
  return (
    <>
      {file ? <FileCard file={file} /> : null}
      {/* The name of a file alone says nothing new. */}
      {body === '' || body === file?.name ? null : <span className="block pt-2">{linked(body)}</span>}
    </>
  )
}

function Reactions({ message }: Pick<BubbleProps['item'], 'message'>) {
  const { t } = useLingui()
  const words = message.reactions.join(' ')
  return (
    <span className="reactions" role="img" aria-label={t`Reaction of the customer: ${words}`}>
      <Tag>{words}</Tag>
    </span>
  )
}

function Meta({ item, interactionId, isMine }: BubbleProps) {
  const { i18n, t } = useLingui()
  const { message, user } = item
  const at = Date.parse(item.at)
  const isOut = message.direction === 'out'
  const isNote = item.type === 'note'
  const isRevised = message.editedAt !== null && message.deletedAt === null
  const who = isMine ? (isNote ? t`You` : null) : (user?.fullname ?? message.sentBy)
  return (
    <div className="said-meta" data-tone={message.status === 'failed' ? 'bad' : undefined}>
      {message.elsewhere ? (
        <span>
          <Trans>Written in the channel</Trans>
          {' ·'}
        </span>
      ) : null}
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
      {isRevised ? (
        <span title={exactInstant(Date.parse(message.editedAt ?? ''), i18n.locale)}>
          {'· '}
          <Trans>edited</Trans>
        </span>
      ) : null}
      {isOut && !isNote ? <MessageStatus interactionId={interactionId} message={message} /> : null}
    </div>
  )
}
