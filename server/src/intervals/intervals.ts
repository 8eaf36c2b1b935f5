/** The door of the intervals room: business hours by name, and whether they are open. */
import { refuseDuplicate } from '@patchbay/kit/duplicate.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { Holiday, intervalsApi, TimeRange } from '@patchbay/protocol/api/intervals.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import { type Selectable, sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { BusinessIntervalTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'
import { type Hours, isOpen, isTimeZone } from './hours.ts'

type Table = typeof intervalsApi
export type IntervalRow = Selectable<BusinessIntervalTable>

export async function createInterval(
  tx: Tx,
  caller: Caller,
  input: Body<Table['POST /api/intervals']>,
): Promise<number> {
  requireZone(input.timeZone)
  const row = await tx
    .insertInto('business_interval')
    .values({ ...columnsOf(input), name: input.name.trim(), time_zone: input.timeZone })
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('an interval of this name'))
  await record(tx, caller, { action: 'created', object: 'interval', objectId: row.id, after: row })
  return row.id
}

/** With `version`, a change that somebody else made meanwhile is refused with GE-104. */
export async function changeInterval(
  tx: Tx,
  caller: Caller,
  id: number,
  patch: Body<Table['PATCH /api/intervals/:id']>,
): Promise<void> {
  if (patch.timeZone !== undefined) requireZone(patch.timeZone)
  const before = await lockInterval(tx, id)
  requireVersion(patch.version, before.version)
  const after = await tx
    .updateTable('business_interval')
    .set({
      ...columnsOf(patch),
      name: patch.name?.trim(),
      time_zone: patch.timeZone,
      version: before.version + 1,
      updated_at: sql`now()`,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('an interval of this name'))
  await record(tx, caller, { action: 'changed', object: 'interval', objectId: id, before, after })
}

/** That no account's actions name it is for the caller to see to, under `lockInterval`. */
export async function removeInterval(
  tx: Tx,
  caller: Caller,
  id: number,
  replacedBy: number | null,
): Promise<void> {
  const before = await lockInterval(tx, id)
  await tx.deleteFrom('business_interval').where('id', '=', id).execute()
  await record(tx, caller, {
    action: 'deleted',
    object: 'interval',
    objectId: id,
    before: { ...before, replacedBy },
  })
}

/** Against every other change, and against being named anew by an account's actions. */
export async function lockInterval(tx: Tx, id: number): Promise<IntervalRow> {
  const row = await tx
    .selectFrom('business_interval')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no interval ${id}.`)
  return row
}

/** Those of the given ones that are open at the moment. One that is gone limits nothing, so it counts as open. */
export async function openIntervals(
  db: Db | Tx,
  ids: readonly number[],
  at: Date,
): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('business_interval')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  const closed = new Set(rows.filter((row) => !isOpen(hoursOf(row), at)).map(({ id }) => id))
  return new Set(ids.filter((id) => !closed.has(id)))
}

export function hoursOf(row: IntervalRow): Hours {
  return {
    timeZone: row.time_zone,
    always: row.always,
    // The endpoint table has checked both before they were written.
    ranges: row.ranges as TimeRange[],
    holidays: row.holidays as Holiday[],
  }
}

export function requireZone(timeZone: string): void {
  if (!isTimeZone(timeZone))
    throw new Refusal(
      'GE-101',
      `${JSON.stringify(timeZone)} is no time zone: name one such as Europe/Rome.`,
      {
        field: 'timeZone',
      },
    )
}

function columnsOf({ always, ranges, holidays }: Body<Table['PATCH /api/intervals/:id']>) {
  return {
    always,
    ranges: ranges && JSON.stringify(ranges),
    holidays: holidays && JSON.stringify(holidays),
  }
}
