/** The delivery log of an account: lists of both directions put together by time, and one entry with all that is known of it. */
import { encodeCursor, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { LogEntry, LogRow } from '@patchbay/protocol/api/log.ts'
import { type ProblemCode, problems } from '@patchbay/protocol/problem.ts'
import type { Db } from '../db.ts'
import { diagnose, diagnoseFailureCode } from '../delivery/diagnosis.ts'
import { toCurl } from './curl.ts'
import { callEntry, callRows } from './log-calls.ts'
import { incomingEntry, incomingRows } from './log-in.ts'
import { type LogQuery, outgoingEntry, outgoingRows } from './log-out.ts'
import { type Position, putTogether } from './log-position.ts'

interface Answer {
  count: number
  countIsAtLeast?: true
  rows: LogRow[]
  cursor: string | null
}

/** A page may be short, or empty, and still have a cursor: then nothing fitted in the part of the log that was looked through. */
export async function list(db: Db, accountId: number, query: LogQuery): Promise<Answer> {
  const page = readPage(query, ['number', 'number', 'number'])
  const before: Position | undefined = page.after && {
    at: page.after[0],
    rank: page.after[1],
    key: page.after[2],
  }
  const sources = await Promise.all([
    outgoingRows(db, accountId, query, before, page.limit),
    incomingRows(db, accountId, query, before, page.limit),
    callRows(db, accountId, query, before, page.limit),
  ])
  const { rows, next } = putTogether(sources, page.limit)
  return {
    // Counting would look through all of it.
    count: rows.length,
    ...(next && { countIsAtLeast: true as const }),
    rows,
    cursor: next && encodeCursor([next.at, next.rank, next.key]),
  }
}

/** `publicUrl`: where the addresses of accounts are reached. */
export async function entry(db: Db, accountId: number, id: string, publicUrl: string): Promise<LogEntry> {
  const found = id.startsWith('in-')
    ? await incoming(db, accountId, id, publicUrl)
    : id.startsWith('call-')
      ? await called(db, accountId, id)
      : await outgoing(db, accountId, id)
  if (!found) throw new Refusal('GE-105', `There is no entry ${id} in the log of this account.`)
  return found
}

async function incoming(
  db: Db,
  accountId: number,
  id: string,
  publicUrl: string,
): Promise<LogEntry | undefined> {
  const found = await incomingEntry(db, accountId, id)
  if (!found) return undefined
  const { row } = found
  const attempt = { ...found.attempt, url: new URL(found.attempt.url, publicUrl).href }
  return {
    row,
    attempts: [attempt],
    diagnosis: diagnoseArrival(row),
    curl: toCurl({ ...attempt, ...attempt.request, isCut: isCut(attempt.request) }, false),
  }
}

function diagnoseArrival({ state, code, status, reason, note, durationMs }: LogRow): LogEntry['diagnosis'] {
  const problem = code === null ? undefined : problems[code as ProblemCode]
  if (problem)
    return {
      diagnosis: code ?? '',
      detail: [reason ?? problem.cause, problem.fix, note].filter(Boolean).join(' '),
    }
  const answered = `It was answered ${status} after ${durationMs} ms`
  const detail = state === 'duplicate' ? `${answered}: this id had been stored before.` : `${answered}.`
  return { diagnosis: 'ok', detail: [detail, note].filter(Boolean).join(' ') }
}

async function outgoing(db: Db, accountId: number, id: string): Promise<LogEntry | undefined> {
  const number = Number(/^out-([1-9]\d{0,14})$/.exec(id)?.[1])
  const found = Number.isNaN(number) ? undefined : await outgoingEntry(db, accountId, number)
  if (!found) return undefined
  const { row, attempts, failure } = found
  const last = attempts.at(-1)
  return {
    row,
    attempts,
    diagnosis: diagnosisOf(row, failure),
    curl: last ? toCurl({ ...last, ...last.request, isCut: isCut(last.request) }, true) : '',
  }
}

async function called(db: Db, accountId: number, id: string): Promise<LogEntry | undefined> {
  const number = Number(/^call-([1-9]\d{0,14})$/.exec(id)?.[1])
  const found = Number.isNaN(number) ? undefined : await callEntry(db, accountId, number)
  const last = found?.attempts.at(-1)
  if (!found || !last) return undefined
  const { row, attempts, failure } = found
  const isUnusable = row.reason !== null && row.status !== null && row.status >= 200 && row.status < 300
  return {
    row,
    attempts,
    diagnosis: isUnusable ? { diagnosis: 'unusable', detail: row.reason ?? '' } : diagnosisOf(row, failure),
    curl: toCurl({ ...last, ...last.request, isCut: isCut(last.request) }, row.event === 'bot'),
  }
}

function diagnosisOf(
  row: LogRow,
  failure: Parameters<typeof diagnoseFailureCode>[0] | null,
): LogEntry['diagnosis'] {
  if (row.attempt === 0)
    return row.reason === null
      ? { diagnosis: 'waiting', detail: 'Nothing has been sent yet.' }
      : { diagnosis: 'not-sent', detail: row.reason }
  const { code, detail } =
    row.status !== null
      ? diagnose(row.status, row.durationMs ?? 0)
      : failure
        ? diagnoseFailureCode(failure, row.reason ?? '')
        : { code: 'no-answer', detail: row.reason ?? '' }
  return { diagnosis: code, detail }
}

function isCut({ body, sizeBytes }: LogEntry['attempts'][number]['request']): boolean {
  return body !== null && sizeBytes !== null && Buffer.byteLength(body) < sizeBytes
}
