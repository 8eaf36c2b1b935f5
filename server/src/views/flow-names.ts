/** What the steps of flows name, as it stands now: queues, agents, tags, dispositions and open intervals. */
import { sql } from 'kysely'
import type { Flow, Names } from '../actions/walk.ts'
import { anyOf, type Db, type Tx } from '../db.ts'
import { openIntervals } from '../intervals/intervals.ts'

/** Of flows by account. Asks for nothing that no step names. */
export async function namesOf(
  db: Db | Tx,
  flows: ReadonlyMap<number, Flow>,
  at: Date,
): Promise<(accountId: number) => Names> {
  const steps = [...flows.values()].flat()
  const ids = (pick: (step: Flow[number]) => readonly number[] | number | null | undefined): number[] => [
    ...new Set(steps.flatMap((step) => pick(step) ?? [])),
  ]
  const queues = await named(
    db,
    'queue',
    ids((step) => (step.type === 'queue' ? step.queueId : null)),
  )
  const tags = await named(
    db,
    'tag',
    ids((step) => (step.type === 'tag' ? step.tagIds : null)),
  )
  const agents = await agentsOf(db, flows)
  const dispositions = await pathsOf(
    db,
    ids((step) => (step.type === 'close' ? step.dispositionId : null)),
  )
  const open = await openIntervals(
    db,
    ids(({ intervalId }) => intervalId),
    at,
  )
  return (accountId) => ({
    isOpen: (id) => open.has(id),
    queue: (id) => queues.get(id),
    tag: (id) => tags.get(id),
    disposition: (id) => dispositions.get(id),
    agent: (id) => agents.get(`${accountId} ${id}`),
  })
}

async function named(
  db: Db | Tx,
  table: 'queue' | 'tag',
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom(table).select(['id', 'name']).where('id', '=', anyOf(ids)).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

async function pathsOf(db: Db | Tx, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: number; path: string }>`
    select id, path from disposition_tree where id = any(${ids}::bigint[])`.execute(db)
  return new Map(rows.map(({ id, path }) => [id, path]))
}

async function agentsOf(db: Db | Tx, flows: ReadonlyMap<number, Flow>): Promise<Map<string, string>> {
  const pairs = [...flows].flatMap(([accountId, flow]) =>
    flow.flatMap((step) => (step.type === 'agent' ? [{ accountId, userId: step.userId }] : [])),
  )
  if (pairs.length === 0) return new Map()
  const { rows } = await sql<{ account_id: number; user_id: number; fullname: string }>`
    select p.account_id, u.id as user_id, u.fullname
    from unnest(${pairs.map(({ accountId }) => accountId)}::bigint[], ${pairs.map(({ userId }) => userId)}::bigint[])
      as p (account_id, user_id)
    join app_user u on u.id = p.user_id and u.disabled_at is null
    where exists (select from role r where r.id = u.role_id and r.sees_all)
      or exists (select from account_member m where m.account_id = p.account_id and m.user_id = u.id)`.execute(
    db,
  )
  return new Map(rows.map((row) => [`${row.account_id} ${row.user_id}`, row.fullname]))
}
