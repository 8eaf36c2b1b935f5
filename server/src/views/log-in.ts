/** The half of the delivery log that came in: requests on the sheets of the arrivals. */
import type { LogAttempt, LogRow } from '@patchbay/protocol/api/log.ts'
import { sql } from 'kysely'
import { type StoredSheet, unpack } from '../arrivals/arrivals.sql.ts'
import { events, notes, outcomes } from '../arrivals/arrivals.ts'
import { bodyPlaces, MOST_ENTRIES, type Numbers, readSheet, SPAN_MS } from '../arrivals/sheet.ts'
import type { Db } from '../db.ts'
import type { LogQuery } from './log-out.ts'
import { type Found, LAST_KEY, type Position, ranks } from './log-position.ts'

/** Sheets read at a time, and requests looked at for one page: what the filter leaves of them is shown. */
const AT_ONCE = 24
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
  const fits = fitting(accountId, query, states, before)
  const rows: Placed[] = []
  let behind: SheetRow | undefined
  let looked = 0
  for (let sheets = 0; sheets < MOST_SHEETS && looked < LOOKED_AT; sheets += AT_ONCE) {
    const found = await readSheets(db, accountId, query, states, before, behind)
    for (const sheet of found) {
      const onSheet = rowsOf(accountId, sheet)
      looked += onSheet.length
      rows.push(...onSheet.filter((placed) => fits(placed, sheet)))
    }
    if (found.length < AT_ONCE) return { rows, until: null }
    behind = found.at(-1) ?? behind
    const end = behind ? endOf(behind).at : 0
    if (rows.filter(({ at }) => at > end).length > limit) break
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
): Promise<SheetRow[]> {
  const conditions = [sql`account_id = ${accountId}`]
  if (states?.every((state) => state === 'refused')) conditions.push(sql`refused > 0`)
  if (query.from !== undefined) conditions.push(sql`to_at >= ${query.from}`)
  if (query.to !== undefined) conditions.push(...until(new Date(query.to)))
  if (before) conditions.push(...until(new Date(Math.ceil(before.at / 1000))))
  if (behind) conditions.push(sql`(to_at, id) < (${behind.to_at}, ${behind.id})`)
  const { rows } = await sql<SheetRow>`
    select id, to_at, count, entries, ${query.text === undefined ? sql`null` : sql`bodies`} as bodies from arrival_sheet
    where ${sql.join(conditions, sql` and `)} order by to_at desc, id desc limit ${AT_ONCE}`.execute(db)
  return Promise.all(rows.map(unpack))
}

function until(instant: Date) {
  return [sql`from_at <= ${instant}`, sql`to_at <= ${new Date(instant.getTime() + 2 * SPAN_MS)}`]
}

function fitting(
  accountId: number,
  query: LogQuery,
  states: readonly string[] | undefined,
  before: Position | undefined,
): (placed: Placed, sheet: SheetRow) => boolean {
  const from = query.from === undefined ? undefined : new Date(query.from).toISOString()
  const to = query.to === undefined ? undefined : new Date(query.to).toISOString()
  const text = query.text?.toLowerCase()
  const holds = text === undefined ? undefined : lookFor(text)
  return ({ row, ...position }, sheet) =>
    row.accountId === accountId &&
    (!states || states.includes(row.state)) &&
    (query.event === undefined || row.event === query.event) &&
    (query.interactionId === undefined || row.interactionId === query.interactionId) &&
    (from === undefined || row.at >= from) &&
    (to === undefined || row.at < to) &&
    (!before || isOlder(position, before)) &&
    (!holds || holds(row, sheet, position.key % MOST_PER_SHEET))
}

const isOlder = (a: Position, b: Position): boolean =>
  a.at < b.at || (a.at === b.at && (b.rank === ranks.out || a.key < b.key))

function lookFor(text: string): (row: LogRow, sheet: SheetRow, entry: number) => boolean {
  let of: SheetRow | undefined
  let places: ReturnType<typeof bodyPlaces> = []
  return (row, sheet, entry) => {
    if (row.reason?.toLowerCase().includes(text)) return true
    if (!sheet.bodies) return false
    if (of !== sheet) {
      of = sheet
      places = bodyPlaces(readSheet(sheet.entries, sheet.count).entries)
    }
    const place = places[entry]
    return (
      place !== undefined &&
      sheet.bodies.toString('utf8', place.request[0], place.answer[1]).toLowerCase().includes(text)
    )
  }
}

/** A place on a sheet and the sheet in one number; more than any sheet holds. */
const MOST_PER_SHEET = MOST_ENTRIES * 2

function rowsOf(accountId: number, sheet: SheetRow): Placed[] {
  const { entries, texts } = readSheet(sheet.entries, sheet.count)
  return entries.map((numbers, entry) => ({
    at: numbers.at * 1000,
    rank: ranks.in,
    key: sheet.id * MOST_PER_SHEET + entry,
    row: toRow(accountId, `in-${sheet.id}-${entry}`, numbers, texts),
  }))
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
    state: flags & outcomes.refused ? 'refused' : flags & outcomes.duplicate ? 'duplicate' : 'accepted',
    status: numbers.status,
    code: texts[numbers.code] || null,
    reason: texts[numbers.reason] || null,
    note: describe(flags),
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
  const { entries, texts } = readSheet(sheet.entries, sheet.count)
  const numbers = entries[Number(place)]
  const bodies = bodyPlaces(entries)[Number(place)]
  if (!numbers || !bodies) return undefined
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
