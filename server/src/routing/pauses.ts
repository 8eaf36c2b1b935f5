/** Pauses by name, and the rules of presence. Presence keeps the words of a pause and never its id, so both may change at any time. */
import { refuseDuplicate } from '@patchbay/kit/duplicate.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Pause, PresenceRules, presenceApi } from '@patchbay/protocol/api/presence.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import { type Selectable, sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { PauseTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'

type Table = typeof presenceApi

export function toPause(row: Selectable<PauseTable>): Pause {
  const { id, name, key, minutes, place, version } = row
  return { id, name, key, minutes, place, version, createdAt: row.created_at.toISOString() }
}

export async function createPause(
  tx: Tx,
  caller: Caller,
  { name, ...rest }: Body<Table['POST /api/openchannel/pauses']>,
): Promise<Pause> {
  const place = rest.place ?? sql<number>`(select coalesce(max(place), 0) + 1 from pause)`
  const row = await tx
    .insertInto('pause')
    .values({ ...rest, place, name: name.trim() })
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a pause of this name'))
  await record(tx, caller, { action: 'created', object: 'pause', objectId: row.id, after: row })
  return toPause(row)
}

/** With `version`, a change that somebody else made meanwhile is refused with GE-104. */
export async function changePause(
  tx: Tx,
  caller: Caller,
  id: number,
  { version, name, ...rest }: Body<Table['PATCH /api/openchannel/pauses/:id']>,
): Promise<Pause> {
  const before = await lockPause(tx, id)
  requireVersion(version, before.version)
  const after = await tx
    .updateTable('pause')
    .set({
      ...rest,
      // A name of one's own is shown as it is, in every language.
      ...(name !== undefined && name.trim() !== before.name && { name: name.trim(), key: null }),
      version: before.version + 1,
      updated_at: sql`now()`,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a pause of this name'))
  await record(tx, caller, { action: 'changed', object: 'pause', objectId: id, before, after })
  return toPause(after)
}

export async function removePause(tx: Tx, caller: Caller, id: number): Promise<void> {
  const before = await lockPause(tx, id)
  await tx.deleteFrom('pause').where('id', '=', id).execute()
  await record(tx, caller, { action: 'deleted', object: 'pause', objectId: id, before })
}

async function lockPause(tx: Tx, id: number): Promise<Selectable<PauseTable>> {
  const row = await tx.selectFrom('pause').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no pause ${id}.`)
  return row
}

export async function readRules(db: Db | Tx): Promise<PresenceRules> {
  const row = await db.selectFrom('presence_rule').selectAll().executeTakeFirstOrThrow()
  return {
    pauseNeedsReason: row.pause_needs_reason,
    missedOffers: row.missed_offers,
    pausedIsAbsent: row.paused_is_absent,
    absentMinutes: row.absent_minutes,
    version: row.version,
  }
}

export async function changeRules(
  tx: Tx,
  caller: Caller,
  patch: Body<Table['PUT /api/openchannel/presence-rules']>,
): Promise<PresenceRules> {
  const before = await tx.selectFrom('presence_rule').selectAll().forUpdate().executeTakeFirstOrThrow()
  requireVersion(patch.version, before.version)
  const after = await tx
    .updateTable('presence_rule')
    .set({
      pause_needs_reason: patch.pauseNeedsReason,
      missed_offers: patch.missedOffers,
      paused_is_absent: patch.pausedIsAbsent,
      absent_minutes: patch.absentMinutes,
      version: before.version + 1,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await record(tx, caller, { action: 'changed', object: 'presence_rule', objectId: null, before, after })
  return readRules(tx)
}

/**
 * How long a pause with this reason is meant to take, where it is one of the list. Refuses with PR-101 a pause without a reason where
 * the rules ask for one.
 */
export async function minutesOf(
  db: Db | Tx,
  { state, reason }: { state: string; reason: string | null },
): Promise<number | null> {
  if (state !== 'paused') return null
  if (reason === null || reason.trim() === '') {
    if ((await readRules(db)).pauseNeedsReason) throw new Refusal('PR-101', undefined, { field: 'reason' })
    return null
  }
  const { rows } = await sql<{ minutes: number | null }>`
    select minutes from pause where key = ${reason} or lower(name) = lower(${reason}) limit 1`.execute(db)
  return rows[0]?.minutes ?? null
}

function requireVersion(wanted: number | undefined, present: number): void {
  if (wanted !== undefined && wanted !== present)
    throw new Refusal('GE-104', undefined, { extra: { version: present } })
}
