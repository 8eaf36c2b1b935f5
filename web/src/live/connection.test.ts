// @vitest-environment jsdom
import type { ServerMessage } from '@patchbay/protocol/push.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { connection } from '../shell/connection.ts'
import { connect, follow, unfollow } from './connection.ts'
import { initialState } from './reduce.ts'
import { live, update } from './store.ts'

class FakeSocket extends EventTarget {
  static readonly OPEN = 1
  static all: FakeSocket[] = []
  readyState = 0
  said: Record<string, unknown>[] = []
  readonly url: string
  constructor(url: string) {
    super()
    this.url = url
    FakeSocket.all.push(this)
  }
  send(text: string) {
    this.said.push(JSON.parse(text))
  }
  close(code = 1000) {
    if (this.readyState === 3) return
    this.readyState = 3
    this.dispatchEvent(Object.assign(new Event('close'), { code }))
  }
  greet() {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
    this.hear({ type: 'synced', mode: 'current', cursor: '5', sight: 's', version: '1' })
  }
  hear(message: ServerMessage) {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(message) }))
  }
}

let stop: () => void
const newest = () => FakeSocket.all.at(-1) as FakeSocket
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  FakeSocket.all = []
  update(() => initialState)
  stop = connect()
})
afterEach(() => {
  stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('it says hello with where it was, and only for the threads on screen', async () => {
  newest().greet()
  const thread = { items: [], seq: 3, more: false, gap: false } as never
  update((state) => ({
    ...state,
    threads: new Map([
      [1, thread],
      [2, thread],
    ]),
  }))
  follow(2)
  newest().close(1006)
  await after(1000)
  newest().greet()
  expect(newest().said[0]).toEqual({ type: 'hello', cursor: '5', sight: 's', threads: { 2: 3 } })
  unfollow(2)
})

test('a blink shows no banner; a longer break does, until it is in sync again', async () => {
  newest().greet()
  newest().close(1006)
  await after(1_000)
  expect(connection().state).toBe('live')
  newest().greet()
  await after(3_000)
  expect(connection().state).toBe('live')
  newest().close(1006)
  await after(2_000)
  expect(connection().state).toBe('offline')
  newest().greet()
  expect(connection().state).toBe('live')
})

test('a server that stays away is asked ever less often, and never given up', async () => {
  const tried: number[] = []
  for (let second = 0; second < 60; second++) {
    const before = FakeSocket.all.length
    newest().close(1006)
    await after(1_000)
    tried.push(FakeSocket.all.length - before)
  }
  expect(FakeSocket.all.length).toBeLessThan(25)
  expect(tried.slice(-13).some((count) => count > 0)).toBe(true)
})

test('a socket that gives no sign of life is dropped and replaced', async () => {
  newest().greet()
  const dead = newest()
  await after(60_000)
  expect(dead.said).toContainEqual({ type: 'ping' })
  expect(newest()).not.toBe(dead)
})

test('a socket that answers is kept', async () => {
  newest().greet()
  const alive = newest()
  for (let round = 0; round < 12; round++) {
    await after(5_000)
    if (alive.said.at(-1)?.type === 'ping') alive.hear({ type: 'pong' })
  }
  expect(newest()).toBe(alive)
})

test('after reset it is in sync only when what is on screen was fetched', () => {
  newest().readyState = 1
  newest().dispatchEvent(new Event('open'))
  newest().hear({ type: 'synced', mode: 'reset', cursor: '9', sight: 's', version: '1' })
  expect(live().sync).toBe('stale')
})
