import type { InboxRow, Thread, ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import type { ServerMessage } from '@patchbay/protocol/push.ts'
import { expect, test } from 'vitest'
import {
  apply,
  closeThread,
  compareIn,
  connecting,
  disconnected,
  hello,
  initialState,
  type LiveState,
  putOlder,
  putRows,
  putThread,
  refetched,
  sinceReset,
  viewOf,
} from './reduce.ts'

const at = (second: number): string => new Date(1_800_000_000_000 + second * 1000).toISOString()

function row(id: number, seq: number, fields: Partial<InboxRow> = {}): InboxRow {
  return {
    id,
    seq,
    account: { id: 1, name: 'Shop' },
    contact: { id, name: `Contact ${id}` },
    state: 'new',
    user: null,
    queue: null,
    preview: `seq ${seq}`,
    lastDirection: 'in',
    lastMessageAt: at(seq),
    waitingSince: at(0),
    assignedAt: null,
    unread: 1,
    tags: [],
    failed: false,
    createdAt: at(0),
    closedAt: null,
    ...fields,
  }
}

function message(seq: number, id = seq): ThreadItem {
  return {
    seq,
    at: at(seq),
    type: 'message',
    user: null,
    message: {
      id,
      direction: 'out',
      body: `message ${seq}`,
      file: null,
      editedAt: null,
      deletedAt: null,
      reactions: [],
      elsewhere: false,
      sentBy: null,
      clientId: null,
      writtenAt: null,
      status: 'queued',
      statusReason: null,
      nextAttemptAt: null,
      deliveryId: null,
    },
  }
}

function status(seq: number, messageId: number): ThreadItem {
  const now = { messageId, status: 'failed', reason: 'gone', nextAttemptAt: null, deliveryId: 9 } as const
  return { seq, at: at(seq), type: 'status', user: null, status: now }
}

function thread(id: number, items: ThreadItem[], seq = items.at(-1)?.seq ?? 0): Thread {
  return {
    interaction: row(id, seq),
    threadId: null,
    externalUrl: null,
    canReply: true,
    window: { until: null, humanAgentUntil: null },
    fileLimitBytes: 100,
    disposition: null,
    // The reducer looks at nothing of the contact.
    contact: { id, listId: 1 } as Thread['contact'],
    items,
    seq,
    more: false,
  }
}

const rowsMessage = (rows: InboxRow[], cursor = '1'): ServerMessage => ({
  type: 'interactions',
  rows,
  gone: [],
  goneAccounts: [],
  cursor,
})
const items = (interactionId: number, some: ThreadItem[]): ServerMessage => ({
  type: 'thread',
  interactionId,
  items: some,
  seq: some.at(-1)?.seq ?? 0,
})
const synced = (mode: 'current' | 'delta' | 'reset', cursor = '1'): ServerMessage => ({
  type: 'synced',
  mode,
  cursor,
  sight: 's',
  version: '1',
})
const all = (messages: ServerMessage[], state: LiveState = initialState): LiveState =>
  messages.reduce(apply, state)
const seqs = (state: LiveState, id: number): number[] | undefined =>
  state.threads.get(id)?.items.map(({ seq }) => seq)

test('of two versions of a row the newer stays, whichever came first', () => {
  const [older, newer] = [row(1, 4), row(1, 5)]
  for (const order of [
    [older, newer],
    [newer, older],
  ])
    expect(all(order.map((one) => rowsMessage([one]))).rows.get(1)).toEqual(newer)
  expect(putRows(all([rowsMessage([newer])]), [older]).rows.get(1)).toEqual(newer)
})

test('a thread grows item by item, and what comes twice is shown once', () => {
  const shown = putThread(initialState, thread(1, [message(1), message(2)]))
  const grown = all([items(1, [message(3)]), items(1, [message(2), message(3), message(4)])], shown)
  expect(seqs(grown, 1)).toEqual([1, 2, 3, 4])
  expect(grown.threads.get(1)).toMatchObject({ seq: 4, gap: false })
})

test('a missing item is a gap, and a fetch closes it', () => {
  const shown = putThread(initialState, thread(1, [message(1)]))
  const torn = all([items(1, [message(3)])], shown)
  expect(torn.threads.get(1)).toMatchObject({ seq: 1, gap: true })
  expect(hello(torn).threads).toEqual({})
  const mended = putThread(torn, thread(1, [message(1), message(2), message(3)]))
  expect(mended.threads.get(1)).toMatchObject({ seq: 3, gap: false })
})

test('a seq without its items is a gap too', () => {
  const shown = putThread(initialState, thread(1, [message(1)]))
  const torn = apply(shown, { type: 'thread', interactionId: 1, items: [], seq: 9 })
  expect(torn.threads.get(1)?.gap).toBe(true)
})

test('a status changes its message and stands nowhere itself; a look of the agent leaves no trace', () => {
  const read: ThreadItem = { seq: 3, at: at(3), type: 'read', user: null }
  const state = all([items(1, [status(2, 1), read])], putThread(initialState, thread(1, [message(1)])))
  expect(seqs(state, 1)).toEqual([1])
  expect(state.threads.get(1)?.seq).toBe(3)
  expect(state.threads.get(1)?.items[0]?.message).toMatchObject({
    status: 'failed',
    statusReason: 'gone',
    deliveryId: 9,
  })
})

test('a page that was read before the newest items came adds what is older and takes nothing away', () => {
  const shown = putThread(initialState, thread(1, [message(3)], 3))
  const ahead = all([items(1, [message(4), status(5, 3)])], shown)
  const merged = putThread(ahead, { ...thread(1, [message(2), message(3)], 3), more: true })
  expect(seqs(merged, 1)).toEqual([2, 3, 4])
  expect(merged.threads.get(1)).toMatchObject({ seq: 5, more: true })
  expect(merged.threads.get(1)?.items[1]?.message?.status).toBe('failed')
})

test('older pages stand above, once', () => {
  const shown = putThread(initialState, { ...thread(1, [message(5), message(6)]), more: true })
  const page = thread(1, [message(3), message(4), message(5)])
  const twice = putOlder(putOlder(shown, page), page)
  expect(seqs(twice, 1)).toEqual([3, 4, 5, 6])
  expect(twice.threads.get(1)).toMatchObject({ seq: 6, more: false })
})

test('what may no longer be seen is gone from rows, threads and viewers, by id or by account', () => {
  const viewers: ServerMessage = { type: 'viewers', interactionId: 1, users: [] }
  const shown = all(
    [rowsMessage([row(2, 1), row(3, 1, { account: { id: 2, name: 'Hotline' } })]), viewers],
    putThread(initialState, thread(1, [message(1)])),
  )
  const byId = apply(shown, { type: 'interactions', rows: [], gone: [1], goneAccounts: [], cursor: '2' })
  expect([[...byId.rows.keys()].sort(), byId.threads.size, byId.viewers.size]).toEqual([[2, 3], 0, 0])
  const byAccount = apply(shown, { type: 'interactions', rows: [], gone: [], goneAccounts: [1], cursor: '2' })
  expect([[...byAccount.rows.keys()], byAccount.threads.size]).toEqual([[3], 0])
})

test('until it is told that it is in sync, a returning desk would resume where it was', () => {
  const before = all([synced('reset', '10'), rowsMessage([], '20')])
  const returning = connecting(disconnected(refetched(before, [])))
  const torn = disconnected(all([rowsMessage([row(1, 1)], '30')], returning))
  expect(hello(torn).cursor).toBe('20')
  expect(hello(all([rowsMessage([], '30'), synced('delta', '40')], returning)).cursor).toBe('40')
})

test('a reset that was not fetched is asked for again', () => {
  const stale = all([synced('reset', '10'), rowsMessage([row(1, 1)], '20')])
  expect(stale.sync).toBe('stale')
  expect(hello(disconnected(stale)).cursor).toBeNull()
})

test('rows that were read before a reset took their account away are read again, not shown', async () => {
  let state = all([synced('reset')])
  let reads = 0
  const read = async (): Promise<InboxRow[]> => {
    reads++
    if (reads > 1) return [row(2, 1)]
    state = apply(state, synced('reset'))
    return [row(1, 1)]
  }
  const rows = await sinceReset(() => state, read)
  expect([...refetched(state, rows).rows.keys()]).toEqual([2])
  expect(reads).toBe(2)
})

test('after a reset stay the rows that the fetch brought and those that were pushed meanwhile', () => {
  const before = all([rowsMessage([row(1, 1), row(2, 1), row(3, 1)])])
  const stale = all([synced('reset'), rowsMessage([row(2, 2), row(4, 1)])], before)
  const after = refetched(stale, [row(1, 5)])
  expect([...after.rows.values()].map(({ id, seq }) => [id, seq]).sort()).toEqual([
    [1, 5],
    [2, 2],
    [4, 1],
  ])
  expect(after.sync).toBe('synced')
})

test('a shut thread forgets its items and takes no more', () => {
  const shut = closeThread(putThread(initialState, thread(1, [message(1)])), 1)
  expect(all([items(1, [message(2)])], shut).threads.size).toBe(0)
})

test('a row stands in one view, by who has it', () => {
  const me = { id: 7, fullname: 'Anna' }
  expect(viewOf(row(1, 1), 7)).toBe('waiting')
  expect(viewOf(row(1, 1, { user: me }), 7)).toBe('mine')
  expect(viewOf(row(1, 1, { user: { id: 8, fullname: 'Luca' } }), 7)).toBe('team')
  expect(viewOf(row(1, 1, { user: me, closedAt: at(9) }), 7)).toBe('closed')
})

test('rows are placed as the server places them: who waits longest first, elsewhere the newest', () => {
  const waiting = [
    row(1, 1, { waitingSince: at(5) }),
    row(2, 1, { waitingSince: at(3) }),
    row(3, 1, { waitingSince: at(3) }),
  ]
  const ids = (rows: InboxRow[]): number[] => rows.map(({ id }) => id)
  expect(ids(waiting.toSorted(compareIn('waiting')))).toEqual([2, 3, 1])
  expect(ids(waiting.toSorted(compareIn('waiting', 'newest')))).toEqual([1, 3, 2])
  const mine = [row(1, 1), row(2, 9), row(3, 4)]
  expect(ids(mine.toSorted(compareIn('mine')))).toEqual([2, 3, 1])
  expect(ids(mine.toSorted(compareIn('mine', 'oldest')))).toEqual([1, 3, 2])
})

test('a customer types until he has written, or until his thread is shut', () => {
  const typing: ServerMessage = { type: 'typing', interactionId: 1 }
  const shown = putThread(initialState, thread(1, [message(1)]))
  const told = all([typing, typing], shown)
  expect(told.typing.get(1)).toBe(2)
  expect(all([items(1, [status(2, 1)])], told).typing.get(1)).toBe(2)
  const answer = message(2)
  const written: ThreadItem = {
    ...answer,
    ...(answer.message && { message: { ...answer.message, direction: 'in' } }),
  }
  expect(all([items(1, [answer])], told).typing.get(1)).toBe(2)
  expect(all([items(1, [written])], told).typing.has(1)).toBe(false)
  expect(closeThread(told, 1).typing.has(1)).toBe(false)
  expect(disconnected(told).typing.size).toBe(0)
})

test('what becomes of a message replaces it in its place, and a window moves the end of the thread', () => {
  const shown = putThread(initialState, thread(1, [message(1), message(2)]))
  const now = { body: '', file: null, editedAt: null, deletedAt: at(9), reactions: [] }
  const revised: ThreadItem = {
    seq: 3,
    at: at(3),
    type: 'revised',
    user: null,
    revision: { messageId: 1, ...now },
  }
  const window = { until: at(50), humanAgentUntil: null }
  const moved: ThreadItem = { seq: 4, at: at(4), type: 'window', user: null, data: window }
  const after = all([items(1, [revised, moved])], shown).threads.get(1)
  expect(after?.items).toHaveLength(2)
  expect(after?.items[0]?.message).toMatchObject(now)
  expect(after?.items[1]).toEqual(shown.threads.get(1)?.items[1])
  expect(after).toMatchObject({ window, seq: 4, gap: false })
})
