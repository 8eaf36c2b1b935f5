/**
 * The desk's model of the server's truth: what was fetched, continued by what the socket says. Pure, shared with the server's tests.
 *
 * Every row and item is whole and carries a seq, so whatever arrives twice or late changes nothing, and a fetch and the socket may
 * overtake each other. A thread whose items leave a gap says so and is fetched again.
 */
import type {
  InboxRow,
  OfferCard,
  Sort,
  Thread,
  ThreadItem,
  View,
  ViewCounts,
} from '@patchbay/protocol/api/interactions.ts'
import type { PresenceState } from '@patchbay/protocol/api/session.ts'
import type { Popup } from '@patchbay/protocol/api/triggers.ts'
import type { ClientMessage, ServerMessage } from '@patchbay/protocol/push.ts'
import type { Static } from 'typebox'

/** Of one kind of server message. */
type Of<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>
export type Changed = Of<'changed'>['what']

export interface LiveThread extends Omit<Thread, 'interaction'> {
  /** Items are missing before `seq`: fetch the thread again. */
  gap: boolean
}

export interface LiveState {
  /**
   * `stale`: too much was missed while away, so whatever is on screen must be fetched again; `refetched` ends it.
   * Until `synced` the screen may lag and says so.
   */
  sync: 'offline' | 'syncing' | 'synced' | 'stale'
  /** How often the server said that what is known is to be fetched anew: what was read before the last time is of no use. */
  resets: number
  cursor: string | null
  /** What may be seen, as the cursor goes with it. */
  sight: string | null
  version: string | null
  rows: ReadonlyMap<number, InboxRow>
  /** After `stale`: rows that nothing has confirmed since. */
  unsure: ReadonlySet<number>
  threads: ReadonlyMap<number, LiveThread>
  offers: readonly OfferCard[]
  /** How offers that were shown ended, newest last; the desk takes them out once it has told the agent. */
  ended: Of<'offers'>['ended']
  /** What triggers show now, of the interactions that the user has. */
  popups: readonly Popup[]
  presence: PresenceState | null
  counts: ViewCounts | null
  viewers: ReadonlyMap<number, Of<'viewers'>['users']>
  /** How often a customer was said to be typing since he wrote last: each time it is to be shown for some seconds. */
  typing: ReadonlyMap<number, number>
  /** How often each kind of setting has changed since the start: a query that depends on it takes the number into its key. */
  changed: Readonly<Partial<Record<Changed, number>>>
  echo: { accountId: number; echoId: number } | null
  end: Of<'end'>['reason'] | null
}

export const initialState: LiveState = {
  sync: 'offline',
  resets: 0,
  cursor: null,
  sight: null,
  version: null,
  rows: new Map(),
  unsure: new Set(),
  threads: new Map(),
  offers: [],
  ended: [],
  popups: [],
  presence: null,
  counts: null,
  viewers: new Map(),
  typing: new Map(),
  changed: {},
  echo: null,
  end: null,
}

export function apply(state: LiveState, message: ServerMessage): LiveState {
  switch (message.type) {
    case 'synced':
      return {
        ...state,
        ...(message.mode === 'reset'
          ? { sync: 'stale', resets: state.resets + 1, unsure: new Set(state.rows.keys()) }
          : { sync: 'synced' }),
        cursor: message.cursor,
        sight: message.sight,
        version: message.version,
        end: null,
      }
    case 'interactions':
      return { ...forget(putRows(state, message.rows), message), cursor: reached(state, message.cursor) }
    case 'thread':
      return continueThread(state, message)
    case 'offers':
      return { ...state, offers: message.offers, ended: [...state.ended, ...message.ended] }
    case 'popups':
      return { ...state, popups: message.popups }
    case 'presence':
      return { ...state, presence: message.presence }
    case 'counts':
      return { ...state, counts: message.counts }
    case 'viewers':
      return { ...state, viewers: withEntry(state.viewers, message.interactionId, message.users) }
    case 'typing': {
      const times = (state.typing.get(message.interactionId) ?? 0) + 1
      return { ...state, typing: withEntry(state.typing, message.interactionId, times) }
    }
    case 'echo':
      return { ...state, echo: { accountId: message.accountId, echoId: message.echoId } }
    case 'changed':
      return {
        ...state,
        changed: { ...state.changed, [message.what]: (state.changed[message.what] ?? 0) + 1 },
      }
    case 'pong':
      return state
    case 'end':
      return { ...state, end: message.reason }
  }
}

/** What to say first on a new connection. */
export function hello(state: LiveState): Extract<ClientMessage, { type: 'hello' }> {
  const threads = [...state.threads].filter(([, { gap }]) => !gap).map(([id, { seq }]) => [id, seq] as const)
  return { type: 'hello', cursor: state.cursor, sight: state.sight, threads: Object.fromEntries(threads) }
}

export function connecting(state: LiveState): LiveState {
  return { ...state, sync: 'syncing' }
}

export function disconnected(state: LiveState): LiveState {
  // What a reset asked for was not fetched, and the next connection must ask for it again.
  const cursor = state.sync === 'stale' ? null : state.cursor
  return { ...state, sync: 'offline', cursor, viewers: new Map(), typing: new Map() }
}

/** Fetches, and again when a reset came meanwhile: what was read before one may hold what is no longer to be seen. */
export async function sinceReset<T>(state: () => LiveState, fetch: () => Promise<T>): Promise<T> {
  for (;;) {
    const { resets } = state()
    const fetched = await fetch()
    if (state().resets === resets) return fetched
  }
}

/** After `stale`, when all that is on screen was fetched: what neither the fetch nor the socket has confirmed is no longer known. */
export function refetched(state: LiveState, fetched: readonly InboxRow[]): LiveState {
  const next = putRows(state, fetched)
  return {
    ...next,
    sync: state.sync === 'stale' ? 'synced' : state.sync,
    rows: without(next.rows, (id) => next.unsure.has(id)),
    unsure: new Set(),
  }
}

/** Takes in a page of an inbox list, or rows that were pushed. */
export function putRows(state: LiveState, rows: readonly InboxRow[]): LiveState {
  if (rows.length === 0) return state
  const merged = new Map(state.rows)
  for (const row of rows) merged.set(row.id, newer(row, merged.get(row.id)))
  const unsure = new Set(state.unsure)
  for (const { id } of rows) unsure.delete(id)
  return { ...state, rows: merged, unsure }
}

/** Takes in the newest page of a thread; what the socket has brought since that page was read stays. */
export function putThread(state: LiveState, thread: Thread): LiveState {
  const { interaction, ...page } = thread
  const known = state.threads.get(interaction.id)
  const isBehind = known !== undefined && !known.gap && known.seq > page.seq
  const next = isBehind ? withPage(known, page) : { ...page, gap: false }
  return putRows({ ...state, threads: withEntry(state.threads, interaction.id, next) }, [interaction])
}

/** Puts an older page, fetched with `before`, above a thread. */
export function putOlder(state: LiveState, thread: Thread): LiveState {
  const known = state.threads.get(thread.interaction.id)
  const first = known?.items[0]
  if (!known) return state
  const older = first ? thread.items.filter(({ seq }) => seq < first.seq) : thread.items
  const next = { ...known, items: [...older, ...known.items], more: thread.more }
  return { ...state, threads: withEntry(state.threads, thread.interaction.id, next) }
}

export function closeThread(state: LiveState, interactionId: number): LiveState {
  return {
    ...state,
    threads: without(state.threads, (id) => id === interactionId),
    viewers: without(state.viewers, (id) => id === interactionId),
    typing: without(state.typing, (id) => id === interactionId),
  }
}

/** The view in which a row stands; each row stands in one. */
export function viewOf(row: InboxRow, userId: number): View {
  if (row.closedAt !== null) return 'closed'
  if (row.user === null) return 'waiting'
  return row.user.id === userId ? 'mine' : 'team'
}

/** Places rows of a view as the server does. */
export function compareIn(view: View, sort?: Static<typeof Sort>): (a: InboxRow, b: InboxRow) => number {
  const sign = (sort ?? (view === 'waiting' ? 'longest-waiting' : 'newest')) === 'newest' ? -1 : 1
  return (a, b) => sign * (Date.parse(orderedBy(a, view)) - Date.parse(orderedBy(b, view)) || a.id - b.id)
}

function orderedBy(row: InboxRow, view: View): string {
  const instants = {
    mine: row.lastMessageAt,
    waiting: row.waitingSince,
    team: row.assignedAt,
    closed: row.closedAt,
  }
  return instants[view] ?? row.createdAt
}

function newer(row: InboxRow, known: InboxRow | undefined): InboxRow {
  return known && known.seq > row.seq ? known : row
}

// Before `synced` what was missed has come only in part: a connection that breaks there resumes where the last one ended.
function reached(state: LiveState, cursor: string): string | null {
  return state.sync === 'synced' || state.sync === 'stale' ? cursor : state.cursor
}

function forget(state: LiveState, { gone, goneAccounts }: Of<'interactions'>): LiveState {
  if (gone.length === 0 && goneAccounts.length === 0) return state
  const isGone = (id: number): boolean => {
    const accountId = state.rows.get(id)?.account.id
    return gone.includes(id) || (accountId !== undefined && goneAccounts.includes(accountId))
  }
  return {
    ...state,
    rows: without(state.rows, isGone),
    threads: without(state.threads, isGone),
    viewers: without(state.viewers, isGone),
    typing: without(state.typing, isGone),
  }
}

function continueThread(state: LiveState, { interactionId, items, seq }: Of<'thread'>): LiveState {
  const known = state.threads.get(interactionId)
  if (!known || known.gap) return state
  const next = items.reduce(append, known)
  const continued = next.seq < seq ? { ...next, gap: true } : next
  const hasWritten = items.some(({ message }) => message?.direction === 'in')
  return {
    ...state,
    threads: withEntry(state.threads, interactionId, continued),
    ...(hasWritten && { typing: without(state.typing, (id) => id === interactionId) }),
  }
}

function append(thread: LiveThread, item: ThreadItem): LiveThread {
  if (thread.gap || item.seq <= thread.seq) return thread
  if (item.seq > thread.seq + 1) return { ...thread, gap: true }
  const moved = { ...thread, seq: item.seq }
  if (item.status) return { ...moved, items: withStatus(thread.items, item.status) }
  if (item.revision) return { ...moved, items: withRevision(thread.items, item.revision) }
  if (item.type === 'window') {
    const { until = null, humanAgentUntil = null } = item.data ?? {}
    return { ...moved, window: { until, humanAgentUntil } }
  }
  return item.type === 'status' || item.type === 'read' ? moved : { ...moved, items: [...thread.items, item] }
}

function withStatus(items: readonly ThreadItem[], status: NonNullable<ThreadItem['status']>): ThreadItem[] {
  const { messageId, status: now, reason, nextAttemptAt, deliveryId } = status
  return items.map((item) =>
    item.message?.id === messageId
      ? {
          ...item,
          message: { ...item.message, status: now, statusReason: reason, nextAttemptAt, deliveryId },
        }
      : item,
  )
}

function withRevision(
  items: readonly ThreadItem[],
  { messageId, ...now }: NonNullable<ThreadItem['revision']>,
): ThreadItem[] {
  return items.map((item) =>
    item.message?.id === messageId ? { ...item, message: { ...item.message, ...now } } : item,
  )
}

// The page was read before the newest items came: its head is newer than ours, its items are older.
function withPage(known: LiveThread, page: Omit<Thread, 'interaction'>): LiveThread {
  const ours = new Set(known.items.map(({ seq }) => seq))
  const first = known.items[0]?.seq ?? Number.POSITIVE_INFINITY
  const older = page.items.filter(({ seq }) => seq < first && !ours.has(seq))
  return { ...known, items: [...older, ...known.items], more: older.length > 0 ? page.more : known.more }
}

function withEntry<V>(map: ReadonlyMap<number, V>, id: number, value: V): ReadonlyMap<number, V> {
  return new Map(map).set(id, value)
}

function without<V>(map: ReadonlyMap<number, V>, isGone: (id: number) => boolean): ReadonlyMap<number, V> {
  const gone = [...map.keys()].filter(isGone)
  if (gone.length === 0) return map
  const kept = new Map(map)
  for (const id of gone) kept.delete(id)
  return kept
}
