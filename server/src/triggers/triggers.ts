/** The door of the triggers room: what happens besides an account's actions when a message comes in or goes out. */
import { refuseDuplicate } from '@patchbay/kit/duplicate.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { Conditions } from '@patchbay/protocol/api/actions.ts'
import type { TriggerAction, TriggerDirection, triggersApi } from '@patchbay/protocol/api/triggers.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import { type Selectable, sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { MessageTriggerTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'
import { showHeaders } from './header-secrets.ts'

type Table = typeof triggersApi
export type TriggerRow = Omit<Selectable<MessageTriggerTable>, 'conditions' | 'actions' | 'direction'> & {
  direction: TriggerDirection
  conditions: Conditions
  actions: TriggerAction[]
}

/** As a call changes it: the caller of these functions has read the actions. */
export type TriggerFields = Omit<Body<Table['PATCH /api/openchannel/triggers/:id']>, 'version'>

const nothing: Conditions = { all: [], any: [] }

/** In the order in which they are looked at. */
export async function readTriggers(db: Db | Tx, only: { enabled?: true } = {}): Promise<TriggerRow[]> {
  let query = db.selectFrom('message_trigger').selectAll().orderBy('position').orderBy('id')
  if (only.enabled) query = query.where('enabled', '=', true)
  return (await query.execute()).map(toTrigger)
}

export async function findTrigger(db: Db | Tx, id: number, { isLocked = false } = {}): Promise<TriggerRow> {
  const row = await db
    .selectFrom('message_trigger')
    .selectAll()
    .where('id', '=', id)
    .$if(isLocked, (query) => query.forUpdate())
    .executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no trigger ${id}.`)
  return toTrigger(row)
}

export async function createTrigger(
  tx: Tx,
  caller: Caller,
  fields: TriggerFields & { name: string },
): Promise<TriggerRow> {
  const row = await tx
    .insertInto('message_trigger')
    .values({
      ...columnsOf({ direction: 'in', conditions: nothing, ...fields }),
      name: fields.name.trim(),
      direction: fields.direction ?? 'in',
      position: sql<number>`(select coalesce(max(position), 0) + 1 from message_trigger)`,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a trigger of this name'))
  await record(tx, caller, { action: 'created', object: 'trigger', objectId: row.id, after: settingsOf(row) })
  return toTrigger(row)
}

/** With `version`, a change that somebody else made meanwhile is refused with GE-104. */
export async function changeTrigger(
  tx: Tx,
  caller: Caller,
  id: number,
  fields: TriggerFields,
  version: number | undefined,
): Promise<TriggerRow> {
  const before = await lock(tx, id)
  requireVersion(version, before.version)
  const after = await tx
    .updateTable('message_trigger')
    .set({
      ...columnsOf(fields),
      name: fields.name?.trim(),
      version: before.version + 1,
      updated_at: sql<Date>`now()`,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a trigger of this name'))
  await record(tx, caller, {
    action: 'changed',
    object: 'trigger',
    objectId: id,
    before: settingsOf(before),
    after: settingsOf(after),
  })
  return toTrigger(after)
}

export async function removeTrigger(tx: Tx, caller: Caller, id: number): Promise<void> {
  const before = await lock(tx, id)
  await tx.deleteFrom('popup').where('trigger_id', '=', id).execute()
  await tx.deleteFrom('message_trigger').where('id', '=', id).execute()
  await record(tx, caller, { action: 'deleted', object: 'trigger', objectId: id, before: settingsOf(before) })
}

/** Refuses with GE-104 when they are not exactly those that there are. */
export async function orderTriggers(tx: Tx, caller: Caller, ids: readonly number[]): Promise<void> {
  const rows = await tx
    .selectFrom('message_trigger')
    .select(['id', 'position'])
    .orderBy('position')
    .orderBy('id')
    .forUpdate()
    .execute()
  const before = rows.map(({ id }) => id)
  if (new Set(ids).size !== ids.length || new Set(ids).symmetricDifference(new Set(before)).size > 0)
    throw new Refusal('GE-104', 'Name every trigger once: one was made or deleted meanwhile.', {
      field: 'ids',
    })
  await sql`
    update message_trigger set position = wanted.place, version = version + 1
    from unnest(${ids}::bigint[]) with ordinality as wanted (id, place)
    where message_trigger.id = wanted.id and message_trigger.position <> wanted.place`.execute(tx)
  await record(tx, caller, {
    action: 'ordered',
    object: 'trigger',
    objectId: null,
    before: { ids: before },
    after: { ids: [...ids] },
  })
}

export async function countFired(tx: Tx, fired: ReadonlyMap<number, number>): Promise<void> {
  if (fired.size === 0) return
  await sql`
    update message_trigger set fired = fired + news.amount, last_fired_at = now()
    from unnest(${[...fired.keys()]}::bigint[], ${[...fired.values()]}::int[]) as news (id, amount)
    where message_trigger.id = news.id`.execute(tx)
}

async function lock(tx: Tx, id: number) {
  const row = await tx
    .selectFrom('message_trigger')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no trigger ${id}.`)
  return row
}

function columnsOf({ enabled, direction, accountIds, intervalId, conditions, actions }: TriggerFields) {
  return {
    enabled,
    direction,
    account_ids: accountIds,
    interval_id: intervalId,
    conditions: conditions && JSON.stringify(conditions),
    actions: actions && JSON.stringify(actions),
  }
}

/** Without what changes by itself, and what is secret. */
function settingsOf(row: Selectable<MessageTriggerTable>) {
  const { fired, last_fired_at, ...settings } = toTrigger(row)
  return { ...settings, actions: showHeaders(settings.actions) }
}

function toTrigger(row: Selectable<MessageTriggerTable>): TriggerRow {
  // The endpoint table and the flow that saves have checked these before they were written.
  return {
    ...row,
    direction: row.direction as TriggerDirection,
    conditions: row.conditions as Conditions,
    actions: row.actions as TriggerAction[],
  }
}
