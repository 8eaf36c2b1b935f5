/** The half of the delivery log that came in: requests on the sheets of the arrivals. */
import type { LogAttempt, LogRow } from '@patchbay/protocol/api/log.ts'
import { sql } from 'kysely'
import { type StoredSheet, unpack } from '../arrivals/arrivals.sql.ts'
import { events, notes, outcomes } from '../arrivals/arrivals.ts'
import { MOST_ENTRIES, type Numbers, type ReadSheet, readSheet, SPAN_MS } from '../arrivals/sheet.ts'
import type { Db } from '../db.ts'
import type { LogQuery } from './log-out.ts'
import { compare, type Found, LAST_KEY, type Position, ranks } from './log-position.ts'

/** Sheets read at a time: few at first, since one of a busy account fills a page. */
const FIRST = 2
const AT_ONCE = 32
/** Requests looked at for one page: what the filter leaves of them is shown. */
const LOOKED_AT = 20_000
const MOST_SHEETS = 400

const inStates: readonly string[] = ['accepted', 'duplicate', 'refused']

interface SheetRow extends StoredSheet {
  id: number
  to_at: Date
}

type Placed = Position & { row: LogRow }

/** `before`: only what is older. */
export async function incomingRows(
  db: Db,
  accountId: number,
  query: LogQuery,
  before: Position | undefined,
  limit: number,
): Promise<Found<LogRow>> {
  const states = query.state?.filter((state) => inStates.includes(state))
  if (query.direction === 'out' || states?.length === 0 || !mayBeEvent(query.event))
    return { rows: [], until: null }
  const fits = fitting(query, states, before)
  const rows: Placed[] = []
  let behind: SheetRow | undefined
  let looked = 0
  let atOnce = FIRST
  for (let sheets = 0; sheets < MOST_SHEETS && looked < LOOKED_AT; sheets += atOnce) {
    const found = await readSheets(db, accountId, query, states, before, behind, atOnce)
    for (const sheet of found) {
      looked += sheet.count
      rows.push(...rowsOf(accountId, sheet, fits))
    }
    if (found.length < atOnce) return { rows, until: null }
    behind = found.at(-1) ?? behind
    const end = behind ? endOf(behind).at : 0
    if (rows.filter(({ at }) => at > end).length > limit) break
    atOnce = Math.min(atOnce * 2, AT_ONCE)
  }
  return { rows, until: behind ? endOf(behind) : null }
}

// Nothing on a sheet not yet read is newer; what has the same instant may be.
const endOf = ({ to_at }: SheetRow): Position => ({
  at: to_at.getTime() * 1000,
  rank: ranks.in,
  key: LAST_KEY,
})

const mayBeEvent = (event: string | undefined): boolean =>
  event === undefined || (events as readonly string[]).includes(event)

async function readSheets(
  db: Db,
  accountId: number,
  query: LogQuery,
  states: readonly string[] | undefined,
  before: Position | undefined,
  behind: SheetRow | undefined,
  limit: number,
): Promise<SheetRow[]> {
  const conditions = [sql`account_id = ${accountId}`]
  if (states?.every((state) => state === 'refused')) conditions.push(sql`refused > 0`)
  if (query.from !== undefined) conditions.push(sql`to_at >= ${query.from}`)
  if (query.to !== undefined) conditions.push(...until(new Date(query.to)))
  if (before) conditions.push(...until(new Date(Math.ceil(before.at / 1000))))
  if (behind) conditions.push(sql`(to_at, id) < (${behind.to_at}, ${behind.id})`)
  const { rows } = await sql<SheetRow>`
    select id, to_at, count, entries, ${query.text === undefined ? sql`null` : sql`bodies`} as bodies from arrival_sheet
    where ${sql.join(conditions, sql` and `)} order by to_at desc, id desc limit ${limit}`.execute(db)
  return Promise.all(rows.map(unpack))
}

function until(instant: Date) {
  return [sql`from_at <= ${instant}`, sql`to_at <= ${new Date(instant.getTime() + 2 * SPAN_MS)}`]
}

type Fits = (sheet: SheetRow, read: ReadSheet, entry: number) => boolean

// By its numbers, before anything is made of a request: of thousands few may fit.
function fitting(query: LogQuery, states: readonly string[] | undefined, before: Position | undefined): Fits {
  const from = query.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(query.from)
  const to = query.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(query.to)
  const event = query.event === undefined ? undefined : (events as readonly string[]).indexOf(query.event)
  const text = query.text?.toLowerCase()
  return (sheet, read, entry) => {
    const at = read.number('at', entry)
    const flags = read.number('flags', entry)
    return (
      at >= from &&
      at < to &&
      (!before || isOlder(positionOf(sheet, read, entry), before)) &&
      (!states || states.includes(stateOf(flags))) &&
      (event === undefined || (flags & 3) === event) &&
      (query.interactionId === undefined || read.number('interactionId', entry) === query.interactionId) &&
      (text === undefined || holds(sheet, read, entry, text))
    )
  }
}

const isOlder = (a: Position, b: Position): boolean => compare(a, b) > 0

function holds({ bodies }: SheetRow, read: ReadSheet, entry: number, text: string): boolean {
  if (read.texts[read.number('reason', entry)]?.toLowerCase().includes(text)) return true
  const { request, answer } = read.places(entry)
  return bodies?.toString('utf8', request[0], answer[1]).toLowerCase().includes(text) ?? false
}

/** A place on a sheet and the sheet in one number; more than any sheet holds. */
const MOST_PER_SHEET = MOST_ENTRIES * 2

function positionOf({ id }: SheetRow, read: ReadSheet, entry: number): Position {
  return { at: read.number('at', entry) * 1000, rank: ranks.in, key: id * MOST_PER_SHEET + entry }
}

function rowsOf(accountId: number, sheet: SheetRow, fits: Fits): Placed[] {
  const read = readSheet(sheet.entries, sheet.count)
  const entries = Array.from({ length: sheet.count }, (_, entry) => entry)
  return entries
    .filter((entry) => fits(sheet, read, entry))
    .map((entry) => ({
      ...positionOf(sheet, read, entry),
      row: toRow(accountId, `in-${sheet.id}-${entry}`, read.numbers(entry), read.texts),
    }))
}

function stateOf(flags: number): LogRow['state'] {
  if (flags & outcomes.refused) return 'refused'
  return flags & outcomes.duplicate ? 'duplicate' : 'accepted'
}

function toRow(accountId: number, id: string, numbers: Numbers, texts: readonly string[]): LogRow {
  const { flags } = numbers
  return {
    id,
    at: new Date(numbers.at).toISOString(),
    accountId,
    direction: 'in',
    event: events[flags & 3] ?? 'message',
    interactionId: numbers.interactionId || null,
    messageId: numbers.messageId || null,
    deliveryId: null,
    state: stateOf(flags),
    status: numbers.status,
    code: texts[numbers.code] || null,
    reason: texts[numbers.reason] || null,
    note: describe(flags),
    askedBy: null,
    attempt: 1,
    attempts: 1,
    durationMs: Math.round(numbers.durationMs * 100) / 100,
    nextAt: null,
  }
}

const sentences: readonly [flag: number, sentence: string][] = [
  [notes.noContentType, 'It named no content type, and was read as JSON.'],
  [notes.form, 'The body was a form.'],
  [notes.multipart, 'The body was a form with parts; only its fields are shown.'],
  [notes.trailingSlash, 'The address ended with a slash.'],
  [notes.oldToken, 'It came with the old token, which ends soon.'],
  [notes.key, 'It came without the token, with a login or an API key.'],
]

function describe(flags: number): string | null {
  const said = sentences.filter(([flag]) => flags & flag).map(([, sentence]) => sentence)
  return said.length > 0 ? said.join(' ') : null
}

/** Undefined when the account has no such request. */
export async function incomingEntry(
  db: Db,
  accountId: number,
  id: string,
): Promise<{ row: LogRow; attempt: LogAttempt } | undefined> {
  const [, sheetId, place] = /^in-([1-9]\d{0,11})-(\d{1,4})$/.exec(id) ?? []
  if (sheetId === undefined || place === undefined) return undefined
  const { rows } = await sql<SheetRow>`
    select id, to_at, count, entries, bodies from arrival_sheet where id = ${sheetId} and account_id = ${accountId}`.execute(
    db,
  )
  const sheet = rows[0] && (await unpack(rows[0]))
  if (!sheet) return undefined
  const read = readSheet(sheet.entries, sheet.count)
  if (Number(place) >= sheet.count) return undefined
  const { texts } = read
  const numbers = read.numbers(Number(place))
  const bodies = read.places(Number(place))
  const row = toRow(accountId, id, numbers, texts)
  const kept = ([from, to]: [number, number], sizeBytes: number): string | null =>
    sheet.bodies === null || (from === to && sizeBytes > 0) ? null : sheet.bodies.toString('utf8', from, to)
  return {
    row,
    attempt: {
      attempt: 1,
      startedAt: new Date(numbers.at - numbers.durationMs).toISOString(),
      durationMs: row.durationMs ?? 0,
      status: numbers.status,
      error: row.reason,
      method: 'POST',
      url: texts[numbers.url] ?? '',
      request: {
        headers: readHeaders(texts[numbers.headers]),
        body: kept(bodies.request, numbers.requestBytes),
        sizeBytes: numbers.requestBytes,
      },
      response: {
        headers: { 'content-type': numbers.status === 200 ? 'application/json' : 'application/problem+json' },
        body: kept(bodies.answer, numbers.answerBytes),
        sizeBytes: numbers.answerBytes,
      },
      timing: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null },
    },
  }
}

function readHeaders(text: string | undefined): Record<string, string> {
  return text ? (JSON.parse(text) as Record<string, string>) : {}
}
