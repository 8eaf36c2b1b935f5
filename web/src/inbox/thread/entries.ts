/** Turns a thread's items and what is still in the outbox into what is drawn: days, events, bubbles in groups. Pure. */
import type { ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import type { OutboxItem } from '../../live/outbox.ts'

export type MessageItem = ThreadItem & { message: NonNullable<ThreadItem['message']> }

export type Entry =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | { kind: 'events'; key: string; items: readonly ThreadItem[] }
  /** Bubbles of one sender within three minutes share the line below the last one. */
  | { kind: 'message'; key: string; item: MessageItem; endsGroup: boolean }
  | { kind: 'pending'; key: string; item: OutboxItem }

const groupMs = 3 * 60_000
/** What the thread knows but does not show. */
const silent = new Set<ThreadItem['type']>(['status', 'revised', 'window', 'read', 'changed', 'tagged'])

export interface Looks {
  /** The first customer's message that its agent had not seen when the thread was opened. */
  firstUnreadSeq: number | null
  /** The local day of an instant, as text that differs from day to day. */
  dayOf: (instant: string) => string
}

export function entriesOf(
  items: readonly ThreadItem[],
  pending: readonly OutboxItem[],
  { firstUnreadSeq, dayOf }: Looks,
): Entry[] {
  const entries: Entry[] = []
  let day = ''
  let hasMessages = false
  for (const item of items) {
    if (silent.has(item.type)) continue
    const today = dayOf(item.at)
    if (today !== day) {
      day = today
      entries.push({ kind: 'day', key: `day-${today}`, at: item.at })
    }
    if (isMessage(item)) {
      // Where all is new there is nothing to part it from.
      if (item.seq === firstUnreadSeq && hasMessages) entries.push({ kind: 'unread', key: 'unread' })
      const before = entries.at(-1)
      if (before?.kind === 'message' && isOneGroup(before.item, item)) {
        entries[entries.length - 1] = { ...before, endsGroup: false }
      }
      hasMessages = true
      entries.push({ kind: 'message', key: `item-${item.seq}`, item, endsGroup: true })
    } else {
      const before = entries.at(-1)
      if (before?.kind === 'events') {
        entries[entries.length - 1] = { ...before, items: [...before.items, item] }
      } else entries.push({ kind: 'events', key: `item-${item.seq}`, items: [item] })
    }
  }
  const shown = new Set(items.flatMap(({ message }) => message?.clientId ?? []))
  for (const item of pending) {
    if (!shown.has(item.clientId)) entries.push({ kind: 'pending', key: `out-${item.clientId}`, item })
  }
  return entries
}

function isMessage(item: ThreadItem): item is MessageItem {
  return item.message !== undefined
}

function isOneGroup(a: MessageItem, b: MessageItem): boolean {
  return (
    a.type === b.type &&
    a.message.direction === b.message.direction &&
    a.user?.id === b.user?.id &&
    a.message.status === b.message.status &&
    a.message.elsewhere === b.message.elsewhere &&
    // Its own line says that it was edited, or how it went.
    a.message.editedAt === null &&
    a.message.statusReason === b.message.statusReason &&
    a.message.status !== 'failed' &&
    a.message.status !== 'retrying' &&
    Date.parse(b.at) - Date.parse(a.at) < groupMs
  )
}

/** The first of the newest `count` messages of the customer. */
export function firstUnread(items: readonly ThreadItem[], count: number): number | null {
  if (count <= 0) return null
  const theirs = items.filter((item) => item.message?.direction === 'in')
  return theirs.at(-Math.min(count, theirs.length))?.seq ?? null
}

/** “Today”, “Yesterday”, “Thursday 12 November”, with the year when it is another one. */
export function dayWords(at: number, now: number, locale: string): string {
  const midnight = (instant: number) => new Date(instant).setHours(0, 0, 0, 0)
  const daysAgo = Math.round((midnight(now) - midnight(at)) / 86_400_000)
  const words =
    daysAgo >= 0 && daysAgo <= 1
      ? new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-daysAgo, 'day')
      : new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
          weekday: 'long',
          day: 'numeric',
          month: 'long',
          ...(new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' }),
        }).format(at)
  return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1)
}
