// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { connection } from '../shell/connection.ts'
import { closeOutbox, drop, flush, openOutbox, outbox, put, sendAnyway, settle } from './outbox.ts'
import { initialState } from './reduce.ts'
import { update } from './store.ts'

interface Posted {
  body: string
  clientId: string
  seenSeq?: number
}

let posted: Posted[]
let answers: (() => Response | Promise<Response>)[]

const refuse = (status: number, code: string) => () => Response.json({ code, detail: 'why' }, { status })
const taken = () => Response.json({}, { status: 201 })
const cut = () => Promise.reject(new TypeError('failed'))
const item = { interactionId: 1, body: 'hello', files: [], secret: false, seenSeq: 4 }
const states = () => outbox.get().map(({ state }) => state)
const settled = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
  posted = []
  answers = []
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    posted.push(JSON.parse(String(init.body)) as Posted)
    return (answers.shift() ?? taken)()
  })
  const thread = { items: [], seq: 1, more: false, gap: false }
  update(() => ({ ...initialState, threads: new Map([[1, thread as never]]) }))
  openOutbox(7)
})
afterEach(() => {
  closeOutbox()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('what is taken waits for its thread to show it, then is gone', async () => {
  put(item)
  await settled()
  expect(states()).toEqual(['taken'])
  settle(1, new Set([posted[0]?.clientId ?? '']))
  expect(outbox.get()).toEqual([])
})

test('without a server it waits, and is sent again under the same client id', async () => {
  answers.push(cut, cut)
  put(item)
  await settled()
  expect(states()).toEqual(['waiting'])
  expect(connection().waiting).toBe(1)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(states()).toEqual(['taken'])
  expect(new Set(posted.map(({ clientId }) => clientId)).size).toBe(1)
  expect(posted).toHaveLength(3)
})

test('answers of one interaction leave in order, a later one not before the first is taken', async () => {
  answers.push(cut)
  put(item)
  put({ ...item, body: 'second' })
  await settled()
  expect(posted.map(({ body }) => body)).toEqual(['hello'])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(posted.map(({ body }) => body)).toEqual(['hello', 'hello', 'second'])
})

test('another interaction does not wait for the first', async () => {
  answers.push(() => new Promise(() => {}))
  put(item)
  put({ ...item, interactionId: 2, body: 'elsewhere' })
  await settled()
  expect(posted.map(({ body }) => body)).toEqual(['hello', 'elsewhere'])
})

test('held back it holds later answers and no note; sent anyway it no longer says what was seen', async () => {
  answers.push(refuse(409, 'RE-103'))
  put(item)
  await settled()
  put({ ...item, body: 'later' })
  put({ ...item, body: 'a note', secret: true, seenSeq: null })
  await settled()
  expect(posted.map(({ body }) => body)).toEqual(['hello', 'a note'])
  const [held] = outbox.get()
  expect(held).toMatchObject({ state: 'held', problem: { code: 'RE-103' } })
  sendAnyway(held?.clientId ?? '')
  await settled()
  expect(posted.slice(2).map(({ body, seenSeq }) => [body, seenSeq])).toEqual([
    ['hello', undefined],
    ['later', 4],
  ])
})

test('what can never be taken is refused and does not stop the next', async () => {
  answers.push(refuse(409, 'IN-103'))
  put(item)
  put({ ...item, body: 'second' })
  await settled()
  expect(states()).toEqual(['refused', 'taken'])
  drop(outbox.get()[0]?.clientId ?? '')
  expect(states()).toEqual(['taken'])
})

test('it survives a reload, and what was under way is asked for again with its client id', async () => {
  answers.push(() => new Promise(() => {}))
  put(item)
  await settled()
  expect(states()).toEqual(['sending'])
  const { clientId } = posted[0] ?? {}
  closeOutbox()
  openOutbox(7)
  flush()
  await settled()
  expect(posted[1]?.clientId).toBe(clientId)
})

test('another user sends nothing of it', async () => {
  answers.push(cut)
  put(item)
  await settled()
  closeOutbox()
  openOutbox(8)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(posted).toHaveLength(1)
  expect(outbox.get()).toEqual([])
})
