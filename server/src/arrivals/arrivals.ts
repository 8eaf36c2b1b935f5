/**
 * The door of the arrivals: what came in at the addresses of accounts is put on record, beside the work and never before it.
 *
 * Requests gather in memory and are written together, at most once a second; a program that dies takes what it gathered with it, which
 * is at most a second of the log and never a message (decision 15). Refusals are on record up to ten a second for each account, so
 * that a sender gone wild cannot fill the disk; all of them are counted.
 */

import type { Chores } from '@patchbay/kit/chores.ts'
import { redactUrl } from '@patchbay/kit/log.ts'
import type { Refusal } from '@patchbay/kit/refusal.ts'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { expireSome, insertSheets, pack } from './arrivals.sql.ts'
import { blankText } from './blank.ts'
import { type Arrival, openSheet, type SealedSheet, type Sheet } from './sheet.ts'

export const events = ['message', 'receipt', 'typing', 'event'] as const
export type ArrivalEvent = (typeof events)[number]

/** What was taken although it is unusual, so that an integrator sees it. */
export const notes = {
  noContentType: 1 << 4,
  form: 1 << 5,
  multipart: 1 << 6,
  trailingSlash: 1 << 7,
  oldToken: 1 << 8,
  key: 1 << 9,
} as const
export const outcomes = { refused: 1 << 2, duplicate: 1 << 3 } as const

interface Account {
  readonly id: number
  readonly keepBodies: boolean
}

/** One request, from the moment at which its account is known. */
export interface Arriving {
  readonly account: Account
  readonly event: ArrivalEvent
  readonly request: FastifyRequest
  /** By `performance.now()`. */
  readonly startedMs: number
  /** As far as it was read. */
  body: string | null
  notes: number
}

/** What became of a request that was taken; ids are 0 where there is nothing to name. */
export interface Ended {
  /** As it is sent. */
  answer: string
  interactionId: number
  messageId: number
  isDuplicate: boolean
}

export interface Arrivals {
  accepted(arriving: Arriving, ended: Ended): void
  /** Undefined: a mistake of ours. */
  refused(arriving: Arriving, refusal: Refusal | undefined): void
  /** Nobody who may call: only counted. */
  turnedAway(code: string): void
  /** Resolves when what was gathered until now is written. */
  flush(): Promise<void>
  close(): Promise<void>
}

const REFUSALS_PER_SECOND = 10
const FLUSH_EVERY_MS = 1000
/** After a pause nothing is gained by waiting, and somebody may be watching. */
const FLUSH_SOON_MS = 100
/** Of what waits for the database: beyond, the oldest is given up. */
const MOST_WAITING = 5_000

export function openArrivals({ pool, log, metrics }: Pick<Context, 'pool' | 'log' | 'metrics'>): Arrivals {
  const open = new Map<number, Sheet>()
  const refusals = new Map<number, number>()
  let refusalsOf = 0
  let sealed: SealedSheet[] = []
  let timer: NodeJS.Timeout | undefined
  let flushedMs = 0
  let writing: Promise<void> = Promise.resolve()
  let accepted = 0
  let duplicates = 0
  const counted = metrics.counter(
    'received_total',
    'Requests at Receive URLs by outcome; of refusals their code',
    ['outcome', 'code'],
  )
  const lost = metrics.counter('arrivals_lost_total', 'Requests that the delivery log could not keep')

  const add = (arriving: Arriving, arrival: Arrival): void => {
    const { account } = arriving
    let sheet = open.get(account.id)
    if (sheet?.isFull(arrival.at)) {
      seal(sheet)
      sheet = undefined
    }
    if (!sheet) {
      sheet = openSheet(account.id, outcomes.refused)
      open.set(account.id, sheet)
    }
    sheet.add(arrival, account.keepBodies)
    if (timer) return
    const restMs = FLUSH_EVERY_MS - (performance.now() - flushedMs)
    timer = setTimeout(() => void flush(), Math.max(restMs, FLUSH_SOON_MS))
  }

  const seal = (sheet: Sheet): void => {
    sealed.push(pack(sheet.seal()))
  }

  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    flushedMs = performance.now()
    if (accepted > 0) counted.inc({ outcome: 'accepted', code: '' }, accepted)
    if (duplicates > 0) counted.inc({ outcome: 'duplicate', code: '' }, duplicates)
    accepted = duplicates = 0
    for (const sheet of open.values()) seal(sheet)
    open.clear()
    for (const { count } of sealed.splice(0, sealed.length - MOST_WAITING)) lost.inc(count)
    writing = writing.then(write)
    return writing
  }

  const write = async (): Promise<void> => {
    const batch = sealed
    sealed = []
    if (batch.length === 0) return
    try {
      await insertSheets(pool, batch)
    } catch (error) {
      for (const { count } of batch) lost.inc(count)
      log.warn({ err: error }, 'a second of the log of what came in could not be written')
    }
  }

  return {
    accepted(arriving, ended) {
      if (ended.isDuplicate) duplicates++
      else accepted++
      add(arriving, toArrival(arriving, 200, ended.isDuplicate ? outcomes.duplicate : 0, ended))
    },
    refused(arriving, refusal) {
      const code = refusal?.code ?? 'GE-110'
      counted.inc({ outcome: 'refused', code })
      const second = Math.floor(Date.now() / 1000)
      if (second !== refusalsOf) refusals.clear()
      refusalsOf = second
      const count = (refusals.get(arriving.account.id) ?? 0) + 1
      refusals.set(arriving.account.id, count)
      if (count > REFUSALS_PER_SECOND) return
      const answer = refusal ? JSON.stringify(refusal.toProblem()) : ''
      const reason = blankText(redactUrl(refusal?.detail ?? ''))
      const nothing = { answer, interactionId: 0, messageId: 0 }
      add(arriving, toArrival(arriving, refusal?.status ?? 500, outcomes.refused, nothing, code, reason))
    },
    turnedAway: (code) => counted.inc({ outcome: 'turned-away', code }),
    flush,
    async close() {
      await flush()
      clearTimeout(timer)
    },
  }
}

// One after the other and not spread: this is done for every message.
function toArrival(
  { request, event, startedMs, body, notes: noted }: Arriving,
  status: number,
  flags: number,
  { answer, interactionId, messageId }: Omit<Ended, 'isDuplicate'>,
  code = '',
  reason = '',
): Arrival {
  const { url = '', rawHeaders, headers } = request.raw
  const length = headers['content-length']
  const said = headers['content-type'] === undefined ? noted | notes.noContentType : noted
  return {
    url,
    rawHeaders,
    body,
    bodyBytes: length !== undefined ? Number(length) || 0 : body === null ? 0 : Buffer.byteLength(body),
    answer,
    at: Date.now(),
    durationMs: performance.now() - startedMs,
    status,
    flags: flags | said | (isSlashed(url) ? notes.trailingSlash : 0) | events.indexOf(event),
    interactionId,
    messageId,
    code,
    reason,
  }
}

function isSlashed(url: string): boolean {
  const end = url.indexOf('?')
  return url.charCodeAt((end < 0 ? url.length : end) - 1) === SLASH
}

const SLASH = 0x2f

export function arrivalChores({ db }: Pick<Context, 'db'>): Chores {
  return {
    'expire-arrivals': {
      every: '*/10 * * * *',
      async run(_payload, stopping) {
        while ((await expireSome(db)) && !stopping.aborted);
      },
    },
  }
}
