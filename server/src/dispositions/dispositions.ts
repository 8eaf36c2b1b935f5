/** The door of the dispositions room: how interactions end, as a tree of up to three levels. Its changes come one at a time. */
import { refuseDuplicate } from '@patchbay/kit/duplicate.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { dispositionsApi } from '@patchbay/protocol/api/dispositions.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import { type Selectable, sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { DispositionTable } from '../database.gen.ts'
import type { Tx } from '../db.ts'

type Table = typeof dispositionsApi
type Row = Selectable<DispositionTable>
type Scope = Pick<Row, 'list_id' | 'account_id' | 'queue_id'>

const LEVELS = 3
const everybody: Scope = { list_id: null, account_id: null, queue_id: null }

/** Answers its id. */
export async function create(
  tx: Tx,
  caller: Caller,
  input: Body<Table['POST /api/dispositions']>,
): Promise<number> {
  const tree = await lockTree(tx)
  const scope = readScope(input)
  const parent = input.parentId == null ? null : requireParent(tree, input.parentId)
  if (parent && scope) throw scopeBelow()
  if (parent && parent.level >= LEVELS) throw tooDeep()
  const place = { parent_id: parent?.id ?? null, ...(scope ?? everybody) }
  const row = await tx
    .insertInto('disposition')
    .values({
      ...place,
      name: input.name.trim(),
      level: (parent?.level ?? 0) + 1,
      position: siblingsOf(tree, place).length,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a disposition of this name in this place'))
  await record(tx, caller, { action: 'created', object: 'disposition', objectId: row.id, after: row })
  return row.id
}

/** Renames it, or moves it with everything below. What is left out stays. */
export async function change(
  tx: Tx,
  caller: Caller,
  id: number,
  patch: Body<Table['PATCH /api/dispositions/:id']>,
): Promise<void> {
  const tree = await lockTree(tx)
  const before = requireOne(tree, id)
  requireVersion(patch.version, before.version)
  const place = placeOf(tree, before, patch)
  const branch = branchOf(tree, id)
  const level = place.parent_id === null ? 1 : requireOne(tree, place.parent_id).level + 1
  const deepest = Math.max(...branch.map((row) => row.level)) + level - before.level
  if (deepest > LEVELS) throw tooDeep()

  const siblings = siblingsOf(tree, place)
    .map((row) => row.id)
    .filter((other) => other !== id)
  const isMoved = !isSamePlace(place, before)
  const position = patch.position ?? (isMoved ? siblings.length : before.position)
  siblings.splice(position, 0, id)
  const after = await tx
    .updateTable('disposition')
    .set({ ...place, level, name: patch.name?.trim() ?? before.name, version: before.version + 1 })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a disposition of this name in this place'))
  const below = branch.filter((row) => row.id !== id).map((row) => row.id)
  await sql`update disposition set level = level + ${level - before.level}::int where id = any(${below}::bigint[])`.execute(
    tx,
  )
  await sql`
    update disposition set position = o.place - 1
    from unnest(${siblings}::bigint[]) with ordinality as o(id, place)
    where disposition.id = o.id and position <> o.place - 1`.execute(tx)
  await record(tx, caller, {
    action: 'changed',
    object: 'disposition',
    objectId: id,
    before,
    after: { ...after, position: siblings.indexOf(id) },
  })
}

/** The ids of it and of everything below; nobody changes the tree until the end of the transaction. */
export async function lockBranch(tx: Tx, id: number): Promise<number[]> {
  const tree = await lockTree(tx)
  requireOne(tree, id)
  const ids = branchOf(tree, id).map((row) => row.id)
  // Whoever names one in an account's actions, or closes with it, holds it until his commit.
  await sql`select from disposition where id = any(${ids}::bigint[]) order by id for update`.execute(tx)
  return ids
}

/** With everything below it. What names it is for the caller to see to, under `lockBranch`. */
export async function remove(tx: Tx, caller: Caller, id: number, replacedBy: number | null): Promise<void> {
  const tree = await lockTree(tx)
  const names = branchOf(tree, id).map((row) => row.name)
  await tx.deleteFrom('disposition').where('id', '=', id).execute()
  const before = { ...requireOne(tree, id), below: names.slice(1), replacedBy }
  await record(tx, caller, { action: 'deleted', object: 'disposition', objectId: id, before })
}

/** Those that only a deleted account had, with what is below them. */
export async function removeOfAccount(tx: Tx, accountId: number): Promise<void> {
  await lockTree(tx)
  await tx.deleteFrom('disposition').where('account_id', '=', accountId).execute()
}

/** Those of a queue or a list that goes belong to another one. A name that is there already tells where it came from. */
export async function moveScope(
  tx: Tx,
  scope: 'queue_id' | 'list_id' | 'account_id',
  from: number,
  to: number,
): Promise<void> {
  await lockTree(tx)
  const column = sql.ref(scope)
  await sql`
    update disposition set ${column} = ${to}, name = case when exists (
        select from disposition other where other.${column} = ${to} and lower(other.name) = lower(disposition.name))
      then left(name, 60) || ' (' || disposition.id || ')' else name end
    where ${column} = ${from}`.execute(tx)
}

async function lockTree(tx: Tx): Promise<ReadonlyMap<number, Row>> {
  await sql`lock table disposition in share row exclusive mode`.execute(tx)
  const rows = await tx.selectFrom('disposition').selectAll().orderBy('position').orderBy('id').execute()
  return new Map(rows.map((row) => [row.id, row]))
}

function requireOne(tree: ReadonlyMap<number, Row>, id: number): Row {
  const row = tree.get(id)
  if (!row) throw new Refusal('GE-105', `There is no disposition ${id}.`)
  return row
}

function requireParent(tree: ReadonlyMap<number, Row>, id: number): Row {
  const row = tree.get(id)
  if (!row) throw new Refusal('DI-101', `There is no disposition ${id}.`, { field: 'parentId' })
  return row
}

type Place = Scope & Pick<Row, 'parent_id'>

function placeOf(
  tree: ReadonlyMap<number, Row>,
  row: Row,
  patch: Body<Table['PATCH /api/dispositions/:id']>,
): Place {
  const scope = readScope(patch)
  const parentId = patch.parentId === undefined ? row.parent_id : patch.parentId
  if (parentId !== null) {
    if (scope) throw scopeBelow()
    requireParent(tree, parentId)
    if (branchOf(tree, row.id).some(({ id }) => id === parentId))
      throw new Refusal('DI-101', 'A disposition cannot stand below itself.', { field: 'parentId' })
    return { ...everybody, parent_id: parentId }
  }
  const { list_id, account_id, queue_id } = rootOf(tree, row)
  return { parent_id: null, ...(scope ?? { list_id, account_id, queue_id }) }
}

/** Undefined: none is named. All null: for every interaction. */
function readScope(input: {
  listId?: number | null | undefined
  accountId?: number | null | undefined
  queueId?: number | null | undefined
}): Scope | undefined {
  const { listId, accountId, queueId } = input
  const given = [listId, accountId, queueId]
  if (given.every((one) => one === undefined)) return undefined
  if (given.filter((one) => one != null).length > 1)
    throw new Refusal('DI-101', 'It belongs to a list, an account or a queue, not to several of them.', {
      field: 'accountId',
    })
  return { list_id: listId ?? null, account_id: accountId ?? null, queue_id: queueId ?? null }
}

function rootOf(tree: ReadonlyMap<number, Row>, row: Row): Row {
  return row.parent_id === null ? row : rootOf(tree, requireOne(tree, row.parent_id))
}

/** It first. */
function branchOf(tree: ReadonlyMap<number, Row>, id: number): Row[] {
  const below = [...tree.values()].filter((row) => row.parent_id === id)
  return [requireOne(tree, id), ...below.flatMap((row) => branchOf(tree, row.id))]
}

function siblingsOf(tree: ReadonlyMap<number, Row>, place: Place): Row[] {
  return [...tree.values()].filter((row) => isSamePlace(row, place))
}

function isSamePlace(a: Place, b: Place): boolean {
  return (
    a.parent_id === b.parent_id &&
    a.list_id === b.list_id &&
    a.account_id === b.account_id &&
    a.queue_id === b.queue_id
  )
}

function scopeBelow(): Refusal {
  const detail =
    'Only those of the first level belong to a list, an account or a queue; the others belong where they stand.'
  return new Refusal('DI-101', detail, { field: 'parentId' })
}

function tooDeep(): Refusal {
  return new Refusal('DI-101', `Dispositions have ${LEVELS} levels at most.`, { field: 'parentId' })
}
