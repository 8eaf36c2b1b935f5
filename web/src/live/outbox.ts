/**
 * What the agent has sent and the server has not yet taken. An item owns its text, its files and its client id, survives a reload, and
 * is posted until it is answered: a repetition with the same client id is harmless.
 *
 * waiting -> sending -> taken, and gone from here once its thread shows it. sending -> waiting when the server could not be reached.
 * sending -> held when the customer wrote meanwhile; sending -> refused when it can never be taken as it is. The agent decides both.
 */
import type { File as Attached } from '@patchbay/protocol/api/thread-message.ts'
import { ApiError, api } from '../api/api.ts'
import { setConnection } from '../shell/connection.ts'
import { live } from './store.ts'
import { isRecord, stored } from './stored.ts'

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

const retryMs = 3_000
const states: readonly unknown[] = ['waiting', 'sending', 'held', 'refused', 'taken']

export const outbox = stored<readonly OutboxItem[]>('outbox', [], (value) =>
  Array.isArray(value) ? value.filter(isItem) : [],
)

function isItem(value: unknown): value is OutboxItem {
  return (
    isRecord(value) &&
    typeof value.clientId === 'string' &&
    typeof value.interactionId === 'number' &&
    typeof value.body === 'string' &&
    Array.isArray(value.files) &&
    states.includes(value.state)
  )
}

let again: ReturnType<typeof setTimeout> | undefined

/** Takes up what this user left. Whether an item under way at the last reload arrived is unknown: the same client id asks again. */
export function openOutbox(userId: number): void {
  outbox.open(userId)
  outbox.set((items) =>
    items.some(isUnknown)
      ? items.map((item) => (isUnknown(item) ? { ...item, state: 'waiting' } : item))
      : items,
  )
}

function isUnknown({ state }: OutboxItem): boolean {
  return state === 'sending' || state === 'taken'
}

/** Sends nothing more until it is opened again: the next user must not send this one's words. */
export function closeOutbox(): void {
  clearTimeout(again)
  outbox.close()
  setConnection({ waiting: 0 })
}

export function put(item: Omit<OutboxItem, 'clientId' | 'at' | 'state'>): void {
  const whole: OutboxItem = {
    ...item,
    clientId: newId(),
    at: new Date().toISOString(),
    state: 'waiting',
  }
  outbox.set((items) => [...items, whole])
  flush()
}

/** A random id where `crypto.randomUUID` is missing too: over plain HTTP on a local network. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}

function change(clientId: string, to: Partial<OutboxItem>): void {
  outbox.set((items) => items.map((item) => (item.clientId === clientId ? { ...item, ...to } : item)))
}

export function drop(clientId: string): void {
  outbox.set((items) => items.filter((item) => item.clientId !== clientId))
  flush()
}

/** Sends once more what was held or refused, whatever came meanwhile. */
export function sendAnyway(clientId: string): void {
  outbox.set((items) =>
    items.map((item): OutboxItem => {
      if (item.clientId !== clientId) return item
      const { problem: _, ...clean } = item
      return { ...clean, state: 'waiting', seenSeq: null }
    }),
  )
  flush()
}

/** Takes out what its thread shows. */
export function settle(interactionId: number, clientIds: ReadonlySet<string>): void {
  const isShown = (item: OutboxItem) => item.interactionId === interactionId && clientIds.has(item.clientId)
  if (outbox.get().some(isShown)) outbox.set((items) => items.filter((item) => !isShown(item)))
}

/** Posts the first waiting item of every interaction; one at a time each, so that they stay in order. Notes wait for no answer. */
export function flush(): void {
  clearTimeout(again)
  const busy = new Set<string>()
  for (const item of outbox.get()) {
    const lane = `${item.interactionId} ${item.secret}`
    if (busy.has(lane) || item.state === 'taken' || item.state === 'refused') continue
    busy.add(lane)
    if (item.state === 'waiting') void post(item)
  }
  tellWaiting()
}

async function post(item: OutboxItem): Promise<void> {
  change(item.clientId, { state: 'sending' })
  try {
    await api('POST /api/openchannel/messages', {
      body: {
        OpenchannelInteractionId: item.interactionId,
        body: item.body,
        clientId: item.clientId,
        secret: item.secret,
        attachmentIds: item.files.map(({ id }) => id),
        ...(item.seenSeq === null ? {} : { seenSeq: item.seenSeq }),
      },
    })
    // A thread that is not in memory shows it as soon as it is fetched.
    if (live().threads.has(item.interactionId)) change(item.clientId, { state: 'taken' })
    else outbox.set((items) => items.filter(({ clientId }) => clientId !== item.clientId))
    flush()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { code, detail, status, retryAfterSeconds = 0 } = error
    if (status === 0 || status === 401 || status === 429 || status >= 500) {
      change(item.clientId, { state: 'waiting' })
      tellWaiting()
      again = setTimeout(flush, retryAfterSeconds * 1000 || retryMs)
    } else {
      change(item.clientId, { state: code === 'RE-103' ? 'held' : 'refused', problem: { code, detail } })
      flush()
    }
  }
}

function tellWaiting(): void {
  setConnection({ waiting: outbox.get().filter(({ state }) => state === 'waiting').length })
}
