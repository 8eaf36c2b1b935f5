/** One interaction in the list: who, what was said last, where it stands. */
import { useLingui } from '@lingui/react/macro'
import type { InboxRow } from '@patchbay/protocol/api/interactions.ts'
import { ArrowUpRight, CircleAlert, MessageCircle } from 'lucide-react'
import { memo } from 'react'
import { type Draft, isEmpty } from '../../live/drafts.ts'
import { SandboxTag } from '../../shell/SandboxTag.tsx'
import { Avatar } from '../../ui/Avatar.tsx'
import { Name } from '../../ui/Bidi.tsx'
import { Badge, Tag } from '../../ui/Mark.tsx'
import { Time } from '../../ui/Time.tsx'

export interface ListRowProps {
  row: InboxRow
  position: number
  setSize: number
  /** It is open. */
  isSelected: boolean
  /** The keyboard stands on it. */
  isCurrent: boolean
  draft: Draft | undefined
  /** Whether to say whose it is: not in one's own view. */
  showsAgent: boolean
  /** Who types in it just now. */
  typing: string | undefined
  top: number
  onOpen: (id: number) => void
  onNear: (id: number) => void
}

const channelGlyph = <MessageCircle aria-hidden />

export const rowId = (id: number) => `row-${id}`

/** Drawn again only when something of it changed: a list of ten thousand must not cost more than a screenful. */
export const ListRow = memo(function ListRow({
  row,
  position,
  setSize,
  isSelected,
  isCurrent,
  draft,
  showsAgent,
  typing,
  top,
  onOpen,
  onNear,
}: ListRowProps) {
  const { t } = useLingui()
  const { contact, unread } = row
  return (
    // The listbox around it has the keyboard; a row is reached through aria-activedescendant.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter is handled by the listbox, which holds the focus
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the listbox, as its pattern demands
    <div
      role="option"
      id={rowId(row.id)}
      className="row"
      aria-selected={isSelected}
      aria-posinset={position}
      aria-setsize={setSize}
      data-current={isCurrent || undefined}
      data-unread={unread > 0 || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onOpen(row.id)}
      onPointerEnter={() => onNear(row.id)}
    >
      <Avatar name={contact.name} badge={channelGlyph} />
      <span className="row-name truncate">
        <Name>{contact.name}</Name>
      </span>
      <span className="row-time">
        <Time value={row.lastMessageAt} />
      </span>
      <span className="row-preview truncate" dir="auto">
        {typing ? (
          <span className="text-accent-text">{t`${typing} is typing…`}</span>
        ) : draft && !isEmpty(draft) ? (
          <>
            <span className="font-medium text-bad-text">{t`Draft`}</span>{' '}
            <bdi>{draft.text || draft.files[0]?.name}</bdi>
          </>
        ) : (
          <>
            {row.failed ? (
              <CircleAlert className="row-mark text-bad-text" role="img" aria-label={t`Not delivered`} />
            ) : null}
            {row.lastDirection === 'out' && !row.failed ? (
              <ArrowUpRight className="row-mark flip-rtl" role="img" aria-label={t`Answered`} />
            ) : null}
            {row.preview === '' && row.lastDirection !== null ? t`Deleted message` : row.preview}
          </>
        )}
      </span>
      <span className="row-badge">
        <Badge count={unread} label={t`${unread} unread`} />
      </span>
      <span className="row-tags">
        {row.account.sandbox ? <SandboxTag /> : null}
        <Tag>{row.queue?.name ?? row.account.name}</Tag>
        {row.awaits ? <Tag tone="warn">{t`for ${row.awaits.name}`}</Tag> : null}
        {showsAgent && row.user ? <Tag tone="info">{row.user.fullname}</Tag> : null}
        {row.tags.slice(0, 2).map((tag) => (
          <Tag key={tag.id} tone={toneOf(tag.color)}>
            {tag.name}
          </Tag>
        ))}
      </span>
    </div>
  )
})

const tones = ['neutral', 'accent', 'ok', 'warn', 'bad', 'info'] as const

export function toneOf(color: string): (typeof tones)[number] {
  return tones.find((tone) => tone === color) ?? 'neutral'
}
