/**
 * Gathers what arrives at the same time and stores it with one call and one commit.
 *
 * While a batch is under way the next one gathers, and leaves when that one has come back; while more than one message comes at a time,
 * it leaves some milliseconds after that one left at the earliest. Where as many wait as usually go together it is sent behind the one
 * under way, so that the database need not wait for it. Only while a batch stalls, on a lock or a slow disk, others leave beside it:
 * fewer, larger batches cost less (decisions 12 and 71). An answer is given after the commit. A batch that fails is halved until the
 * row that the database refuses stands alone.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Context } from '../../context.ts'
import {
  byKey,
  hasListeners,
  type Row,
  type Stored,
  type StoreOptions,
  storeRows,
  toValues,
} from './receive.sql.ts'
import { asOutage, openConnections } from './receive-connections.ts'

export interface Batches {
  /** Resolves after the commit; rejects with a Refusal for this row alone. */
  store(row: Row): Promise<Stored>
  /** Stores what was accepted, then gives the connections back. */
  close(): Promise<void>
}

export interface BatchLimits {
  rows: number
  connections: number
  /** A batch leaves when the one before it has come back, or when it has waited so long for that. */
  patienceMs: number
  /** Between the departures of two batches, unless so many rows wait, and unless batches are of one row: then nobody comes to share. */
  gatherMs: number
  gatherRows: number
  /** Of what waits: beyond any of these new messages are refused. */
  waitingRows: number
  waitingBytes: number
  waitingMs: number
  /** What has waited so long behind a database that stalls is refused too: it is certain that it was not stored. */
  givenUpMs: number
}

export const batchLimits: BatchLimits = {
  rows: 200,
  connections: 3,
  patienceMs: 5,
  gatherMs: 3,
  gatherRows: 8,
  waitingRows: 4000,
  waitingBytes: 32 * 1024 * 1024,
  waitingMs: 2000,
  givenUpMs: 5000,
}

interface Waiting {
  row: Row
  bytes: number
  since: number
  done(stored: Stored): void
  failed(error: unknown): void
}

/** A batch at the database. */
interface Turn {
  /** When it left, or when the one came back that it was sent behind. */
  at: number
  behind: Turn | undefined
}

const MOST_TRIES = 5
/** Rows of a batch on average, over the last ten or so, from which on they are worth waiting for. */
const COMPANY = 1.5
/** Of the time that a batch usually takes, so much must be over before the next one is sent behind it: what comes until then goes along. */
const MOSTLY_OVER = 0.6
/** One that takes so many times as long as usual has stalled, and would hold up what is sent behind it. */
const STALLED = 3

export function openBatches(
  ctx: Pick<Context, 'pool' | 'push' | 'log'>,
  limits: BatchLimits = batchLimits,
): Batches {
  const connections = openConnections(ctx)
  const waiting: Waiting[] = []
  /** Accounts that are known to have had a message: a few numbers for each, for as long as the program runs. */
  const begun = new Set<number>()
  const underWay = new Set<Turn>()
  let waitingBytes = 0
  let leftAt = 0
  let company = 1
  /** Of a batch, from its turn at the database until it came back, over the last ten or so. */
  let usualMs = limits.gatherMs
  let timer: NodeJS.Timeout | undefined
  let soon: NodeJS.Timeout | undefined
  let expiry: NodeJS.Timeout | undefined
  let isSoon = false
  let closing: (() => void) | undefined

  const admit = (bytes: number, now: number): void => {
    const oldest = waiting[0]
    const isFull =
      waiting.length >= limits.waitingRows ||
      waitingBytes + bytes > limits.waitingBytes ||
      (oldest !== undefined && now - oldest.since > limits.waitingMs)
    if (isFull || closing) throw busy()
  }

  const giveUp = (): void => {
    expiry = undefined
    const before = performance.now() - limits.givenUpMs
    const kept = waiting.findIndex(({ since }) => since > before)
    for (const { bytes, failed } of waiting.splice(0, kept < 0 ? waiting.length : kept)) {
      waitingBytes -= bytes
      failed(busy())
    }
    expire()
  }

  const expire = (): void => {
    const [oldest] = waiting
    if (oldest) expiry ??= setTimeout(giveUp, oldest.since + limits.givenUpMs - performance.now()).unref()
  }

  const gatherForMs = (): number => {
    if (company < COMPANY || waiting.length >= limits.gatherRows) return 0
    return Math.ceil(leftAt + limits.gatherMs - performance.now())
  }

  const hasStalled = ({ at }: Turn): boolean => performance.now() - at > STALLED * usualMs

  /** Until the next batch may be sent behind the one under way; undefined: not behind this one, or not with so few. */
  const behindInMs = (): number | undefined => {
    if (underWay.size !== 1 || waiting.length < Math.max(company, limits.gatherRows)) return undefined
    const [only] = underWay
    if (!only || hasStalled(only)) return undefined
    return only.at + MOSTLY_OVER * usualMs - performance.now()
  }

  const sendBehind = (): boolean => {
    const inMs = behindInMs()
    if (inMs === undefined) return false
    if (inMs > 0) {
      soon ??= setTimeout(() => {
        soon = undefined
        schedule()
      }, inMs)
      return false
    }
    flush(true)
    return true
  }

  const schedule = (): void => {
    if (waiting.length === 0 || underWay.size >= limits.connections || isSoon) return
    if (waiting.length >= limits.rows) flush()
    else if (underWay.size === 0 && gatherForMs() > 0) timer ??= setTimeout(flush, gatherForMs())
    else if (underWay.size === 0) {
      // What arrived in the same turn of the event loop goes together.
      isSoon = true
      setImmediate(() => {
        isSoon = false
        flush()
      })
    } else if (!sendBehind()) timer ??= setTimeout(flush, limits.patienceMs)
  }

  const flush = (behind = false): void => {
    clearTimeout(timer)
    clearTimeout(soon)
    timer = soon = undefined
    if (waiting.length === 0 || underWay.size >= limits.connections) return
    const batch = waiting.splice(0, limits.rows)
    for (const { bytes } of batch) waitingBytes -= bytes
    leftAt = performance.now()
    const turn: Turn = { at: leftAt, behind: undefined }
    if (behind) for (const ahead of underWay) ahead.behind = turn
    underWay.add(turn)
    company += (batch.length - company) / 10
    // Before the answers are written: the database need not wait for that.
    storeBatch(batch, behind, () => comeBack(turn)).finally(() => {
      if (closing && underWay.size === 0 && waiting.length === 0) closing()
    })
    schedule()
  }

  const comeBack = (turn: Turn): void => {
    underWay.delete(turn)
    const now = performance.now()
    usualMs += (Math.min(now - turn.at, STALLED * usualMs) - usualMs) / 10
    if (turn.behind) turn.behind.at = now
    const gatherMs = gatherForMs()
    if (![...underWay].every(hasStalled)) schedule()
    else if (gatherMs <= 0) flush()
    else if (waiting.length > 0) {
      clearTimeout(timer)
      timer = setTimeout(flush, gatherMs)
    }
  }

  /** `stored` is called when the connection is free again. */
  const storeBatch = async (batch: Waiting[], behind: boolean, stored: () => void): Promise<void> => {
    batch.sort((a, b) => byKey(a.row, b.row))
    const result = await settle(batch, behind)
    stored()
    for (const tell of result) tell()
  }

  /** Answers what is to be told to whom. */
  const settle = async (batch: Waiting[], behind = false): Promise<(() => void)[]> => {
    try {
      const rows = batch.map(({ row }) => row)
      const options = {
        mayBeFirst: rows.some(({ account }) => !begun.has(account.id)),
        tell: hasListeners(rows),
      }
      const result = await tryStore(toValues(rows), options, behind)
      const { stored, interactions, toRoute, isFirst, isBegun, isTold } = result
      if (isBegun) for (const { account } of rows) begun.add(account.id)
      ctx.push.ring({
        interactions,
        route: toRoute,
        deliver: isTold,
        ...(isFirst && { changed: 'accounts' }),
      })
      return batch.map((one, index) => () => one.done(stored[index] as Stored))
    } catch (error) {
      const refusal = asOutage(error)
      if (refusal) return batch.map((one) => () => one.failed(refusal))
      const [first] = batch
      if (first && batch.length === 1) return [() => first.failed(asOwnFault(error))]
      const half = batch.length >> 1
      return [...(await settle(batch.slice(0, half))), ...(await settle(batch.slice(half)))]
    }
  }

  const tryStore = async (values: readonly unknown[], options: StoreOptions, behind: boolean) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await connections.use((client) => storeRows(client, values, options), behind && attempt === 1)
      } catch (error) {
        const state = sqlState(error)
        if (attempt >= MOST_TRIES || (state !== '40001' && state !== '40P01')) throw error
        await sleep(Math.random() * 10 * 2 ** attempt)
      }
    }
  }

  return {
    store(row) {
      const now = performance.now()
      const bytes = row.message.body.length + 500
      return new Promise((done, failed) => {
        admit(bytes, now)
        waiting.push({ row, bytes, since: now, done, failed })
        waitingBytes += bytes
        schedule()
        expire()
      })
    },
    async close() {
      if (closing) return
      await new Promise<void>((resolve) => {
        closing = resolve
        if (underWay.size === 0 && waiting.length === 0) resolve()
      })
      clearTimeout(expiry)
      connections.close()
    },
  }
}

function busy(): Refusal {
  return new Refusal('OC-110', undefined, { retryAfterSeconds: 1 })
}

// 22: a value that its type cannot hold; 54: larger than a row or an index takes. Both are the sender's; anything else is ours.
function asOwnFault(error: unknown): unknown {
  if (!/^(22|54)/.test(sqlState(error) ?? '')) return error
  return new Refusal('OC-115', `The database says: ${(error as Error).message}.`)
}
