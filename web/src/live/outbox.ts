/**
 * What the agent has sent and the server has not yet taken. An item owns its text, its files and its client id, survives a reload, and
 * is posted until it is answered: a repetition with the same client id is harmless.
 *
 * waiting -> sending -> taken, and gone from here once its thread shows it. sending -> waiting when the server could not be reached.
 * sending -> held when the customer wrote meanwhile; sending -> refused when it can never be taken as it is. The agent decides both.
 */
import type { File as Attached } from '@patchbay/protocol/api/interactions.ts'
import { ApiError, api } from '../api/api.ts'
import { setConnection } from '../shell/connection.ts'
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

export const outbox = stored<readonly OutboxItem[]>('outbox', [], (value) =>
  // Whether an item under way at the last reload arrived is unknown: the same client id asks again.
  Array.isArray(value) ? value.filter(isItem).map((item) => ({ ...item, state: asLeft(item.state) })) : [],
)

function isItem(value: unknown): value is OutboxItem {
  return isRecord(value) && typeof value.clientId === 'string' && typeof value.body === 'string'
}

function asLeft(state: OutboxItem['state']): OutboxItem['state'] {
  return state === 'sending' || state === 'taken' ? 'waiting' : state
}

let again: ReturnType<typeof setTimeout> | undefined

export function put(item: Omit<OutboxItem, 'clientId' | 'at' | 'state'>): void {
  const whole: OutboxItem = {
    ...item,
    clientId: crypto.randomUUID(),
    at: new Date().toISOString(),
    state: 'waiting',
  }
  outbox.set((items) => [...items, whole])
  flush()
}

export function change(clientId: string, to: Partial<OutboxItem>): void {
  outbox.set((items) => items.map((item) => (item.clientId === clientId ? { ...item, ...to } : item)))
}

export function drop(clientId: string): void {
  outbox.set((items) => items.filter((item) => item.clientId !== clientId))
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

/** Posts the first waiting item of every interaction; one at a time each, so that they stay in order. */
export function flush(): void {
  clearTimeout(again)
  const busy = new Set<number>()
  for (const item of outbox.get()) {
    if (busy.has(item.interactionId) || item.state === 'taken' || item.state === 'refused') continue
    busy.add(item.interactionId)
    if (item.state === 'waiting') void post(item)
  }
  setConnection({ waiting: outbox.get().filter(({ state }) => state === 'waiting').length })
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
    change(item.clientId, { state: 'taken' })
    flush()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const problem = { code: error.code, detail: error.detail }
    const isPassing = error.status === 0 || error.status === 429 || error.status >= 500
    if (isPassing || error.status === 401) {
      change(item.clientId, { state: 'waiting' })
      setConnection({ waiting: outbox.get().filter(({ state }) => state === 'waiting').length })
      again = setTimeout(flush, (error.retryAfterSeconds ?? 0) * 1000 || retryMs)
    } else {
      change(item.clientId, { state: error.code === 'RE-103' ? 'held' : 'refused', problem })
      flush()
    }
  }
}
