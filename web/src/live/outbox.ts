/**
 * What the agent has sent and the server has not yet taken. An item owns its text, its files and its client id, survives a reload, and
 * is posted until it is answered: a repetition with the same client id is harmless.
 *
 * waiting -> sending -> taken, and gone from here once its thread shows it. sending -> waiting when the server could not be reached.
 * sending -> held when the customer wrote meanwhile; sending -> refused when it can never be taken as it is. The agent decides both.
 *
 * All tabs of a user show the same items. Answers and notes of an interaction are a lane each, and whichever tab holds the lane's lock
 * posts; when that tab goes, the next one does.
 */
import type { File as Attached } from '@patchbay/protocol/api/thread-message.ts'
import { useSyncExternalStore } from 'react'
import { ApiError, api } from '../api/api.ts'
import { setConnection } from '../shell/connection.ts'
import { forget, keep, kept, noted } from './kept.ts'
import { live } from './store.ts'
import { isRecord } from './stored.ts'

export interface OutboxItem {
  clientId: string
  interactionId: number
  body: string
  files: readonly Attached[]
  secret: boolean
  at: string
  /** The newest seq the writer had seen; null: send whatever came meanwhile. */
  seenSeq: number | null
  state: 'waiting' | 'sending' | 'held' | 'refused' | 'taken'
  /** Why it was held or refused. */
  problem?: { code: string; detail: string }
}

/** What tabs tell each other. */
type Told = { item: OutboxItem } | { gone: string }

interface Session {
  userId: number
  tabs: BroadcastChannel | undefined
  /** Lanes that this tab posts, or waits to post. */
  lanes: Set<string>
  /** Items that will be there after the page was left. */
  kept: Set<string>
  /** Items that are done: a slow reading must not bring them back. */
  done: Set<string>
}

const retryMs = 3_000
/** A connection that died unnoticed must not keep the lane. */
const patienceMs = 30_000
const states: readonly unknown[] = ['waiting', 'sending', 'held', 'refused', 'taken']

let items: readonly OutboxItem[] = []
let session: Session | undefined
let again: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function show(next: readonly OutboxItem[]): void {
  if (next === items) return
  items = next
  for (const listener of listeners) listener()
}

/** All items of the user, the oldest first. */
export const outbox = {
  get: () => items,
  use: () => useSyncExternalStore(subscribe, () => items),
}

/** Takes up what this user left. Whether an item under way at the last reload arrived is unknown: the same client id asks again. */
export function openOutbox(userId: number): void {
  const tabs =
    'BroadcastChannel' in globalThis ? new BroadcastChannel(`patchbay.outbox.${userId}`) : undefined
  const mine: Session = { userId, tabs, lanes: new Set(), kept: new Set(), done: new Set() }
  session = mine
  tabs?.addEventListener('message', ({ data }: MessageEvent<Told>) => session === mine && hear(data))
  merge(noted(userId))
  void kept(userId).then((found) => {
    if (session !== mine) return
    merge(found ?? [])
    flush()
  })
}

/** Sends nothing more until it is opened again: the next user must not send this one's words. */
export function closeOutbox(): void {
  clearTimeout(again)
  session?.tabs?.close()
  session = undefined
  show([])
  setConnection({ waiting: 0 })
}

function merge(found: readonly unknown[]): void {
  const fresh = found
    .filter(isItem)
    .filter(
      ({ clientId }) => !session?.done.has(clientId) && !items.some((item) => item.clientId === clientId),
    )
  if (fresh.length === 0) return
  // Whether another tab is sending it is found out by the lock, not by what it once wrote.
  const known = new Map(
    fresh.map((item) => [
      item.clientId,
      item.state === 'sending' ? { ...item, state: 'waiting' as const } : item,
    ]),
  )
  for (const id of known.keys()) session?.kept.add(id)
  show([...items, ...known.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)))
}

function isItem(value: unknown): value is OutboxItem {
  return (
    isRecord(value) &&
    typeof value.clientId === 'string' &&
    typeof value.interactionId === 'number' &&
    typeof value.body === 'string' &&
    typeof value.at === 'string' &&
    Array.isArray(value.files) &&
    states.includes(value.state)
  )
}

/** Another tab has put, changed or done something. */
function hear(told: Told): void {
  if ('gone' in told) leave(told.gone)
  // A thread that is not in memory shows it as soon as it is fetched.
  else if (told.item.state === 'taken' && !live().threads.has(told.item.interactionId))
    leave(told.item.clientId)
  else if (!session?.done.has(told.item.clientId)) join(told.item)
  // Two tabs without a server must not drive each other on.
  if (again === undefined) flush()
  else tellWaiting()
}

function leave(id: string): void {
  session?.done.add(id)
  show(items.filter(({ clientId }) => clientId !== id))
}

function join(item: OutboxItem): void {
  session?.kept.add(item.clientId)
  const isKnown = items.some(({ clientId }) => clientId === item.clientId)
  show(isKnown ? items.map((one) => (one.clientId === item.clientId ? item : one)) : [...items, item])
}

export function put(item: Omit<OutboxItem, 'clientId' | 'at' | 'state'>): void {
  const whole: OutboxItem = {
    ...item,
    clientId: newId(),
    // Never two at once: it is their order.
    at: new Date(
      Math.max(Date.now(), 1 + Date.parse(items.at(-1)?.at ?? new Date(0).toISOString())),
    ).toISOString(),
    state: 'waiting',
  }
  show([...items, whole])
  void write(whole)
  flush()
}

/** A random id where `crypto.randomUUID` is missing too: over plain HTTP on a local network. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}

async function write(item: OutboxItem): Promise<void> {
  const mine = session
  if (!mine) return
  mine.tabs?.postMessage({ item } satisfies Told)
  if (await keep(mine.userId, item.clientId, item)) mine.kept.add(item.clientId)
}

function change(clientId: string, to: Partial<OutboxItem>): Promise<void> {
  const before = items.find((item) => item.clientId === clientId)
  if (!before) return Promise.resolve()
  const { problem: _, ...rest } = before
  const after: OutboxItem = { ...rest, ...to }
  show(items.map((item) => (item === before ? after : item)))
  return write(after)
}

/** The server has it, or the agent does not want it any more. */
function remove(clientId: string): Promise<void> {
  const mine = session
  show(items.filter((item) => item.clientId !== clientId))
  if (!mine) return Promise.resolve()
  mine.done.add(clientId)
  mine.tabs?.postMessage({ gone: clientId } satisfies Told)
  return forget(mine.userId, clientId)
}

export function drop(clientId: string): void {
  void remove(clientId)
  flush()
}

/** Sends once more what was held or refused, whatever came meanwhile. */
export function sendAnyway(clientId: string): void {
  void change(clientId, { state: 'waiting', seenSeq: null })
  flush()
}

/** Takes out what its thread shows. */
export function settle(interactionId: number, clientIds: ReadonlySet<string>): void {
  for (const item of items)
    if (item.interactionId === interactionId && clientIds.has(item.clientId)) void remove(item.clientId)
}

const laneOf = ({ interactionId, secret }: OutboxItem) => `${interactionId} ${secret ? 'notes' : 'answers'}`

/** What is next in a lane: one at a time, so that they stay in order. What is held holds the later ones. */
function nextIn(lane: string): OutboxItem | undefined {
  const first = items.find(
    (item) => laneOf(item) === lane && item.state !== 'taken' && item.state !== 'refused',
  )
  return first?.state === 'held' ? undefined : first
}

/** Posts what waits, every lane by itself. */
export function flush(): void {
  clearTimeout(again)
  again = undefined
  const mine = session
  if (!mine) return
  for (const lane of new Set(items.map(laneOf)))
    if (!mine.lanes.has(lane) && nextIn(lane)) void enter(lane, mine)
  tellWaiting()
}

async function enter(lane: string, mine: Session): Promise<void> {
  mine.lanes.add(lane)
  const waitMs = await alone(`patchbay.outbox.${mine.userId}.${lane}`, () => run(lane, mine))
  mine.lanes.delete(lane)
  if (session !== mine) return
  if (waitMs > 0) again ??= setTimeout(flush, waitMs)
  // Put while the lane was being left.
  else if (nextIn(lane)) flush()
}

/** One tab at a time, where the browser knows how; without, the client id keeps it from being sent twice. */
function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request(name, work) : work()
}

/** Answers after how long to try again: 0 when all was taken that can be. */
async function run(lane: string, mine: Session): Promise<number> {
  await catchUp(lane, mine)
  for (let item = nextIn(lane); item && session === mine; item = nextIn(lane)) {
    const waitMs = await post(item, mine)
    if (waitMs > 0) return waitMs
  }
  return 0
}

/** What another tab did with the lane while this one waited for it. */
async function catchUp(lane: string, mine: Session): Promise<void> {
  const found = await kept(mine.userId)
  if (session !== mine || !found) return
  merge(found)
  const there = new Set(found.filter(isItem).map(({ clientId }) => clientId))
  const isGone = (item: OutboxItem) =>
    laneOf(item) === lane &&
    item.state !== 'taken' &&
    mine.kept.has(item.clientId) &&
    !there.has(item.clientId)
  if (items.some(isGone)) show(items.filter((item) => !isGone(item)))
}

async function post(item: OutboxItem, mine: Session): Promise<number> {
  const { clientId } = item
  void change(clientId, { state: 'sending' })
  try {
    await api('POST /api/openchannel/messages', {
      body: {
        OpenchannelInteractionId: item.interactionId,
        body: item.body,
        clientId,
        secret: item.secret,
        attachmentIds: item.files.map(({ id }) => id),
        ...(item.seenSeq === null ? {} : { seenSeq: item.seenSeq }),
      },
      signal: AbortSignal.timeout(patienceMs),
    })
  } catch (error) {
    return session === mine ? refused(item, error) : 0
  }
  if (session === mine) await taken(item, mine)
  return 0
}

async function taken(item: OutboxItem, mine: Session): Promise<void> {
  // A thread that is not in memory shows it as soon as it is fetched.
  if (!live().threads.has(item.interactionId)) return remove(item.clientId)
  const shown = items.find(({ clientId }) => clientId === item.clientId)
  if (!shown) return
  const after: OutboxItem = { ...shown, state: 'taken' }
  show(items.map((one) => (one === shown ? after : one)))
  mine.tabs?.postMessage({ item: after } satisfies Told)
  await forget(mine.userId, item.clientId)
}

async function refused({ clientId }: OutboxItem, error: unknown): Promise<number> {
  if (!(error instanceof ApiError)) throw error
  const { code, detail, status, retryAfterSeconds = 0 } = error
  if (status === 0 || status === 401 || status === 429 || status >= 500) {
    await change(clientId, { state: 'waiting' })
    tellWaiting()
    return retryAfterSeconds * 1000 || retryMs
  }
  await change(clientId, { state: code === 'RE-103' ? 'held' : 'refused', problem: { code, detail } })
  return 0
}

function tellWaiting(): void {
  setConnection({ waiting: items.filter(({ state }) => state === 'waiting').length })
}
