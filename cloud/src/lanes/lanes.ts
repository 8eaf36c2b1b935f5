/**
 * The lanes: one per conversation and direction, each the order in which its parcels leave.
 *
 * at rest   next_at is null       nothing is owed
 * due       next_at has come      any worker may claim it, unless its end is held or the integration pauses
 * waiting   next_at is to come    for the next attempt of its first parcel; what was added later waits behind it
 * claimed   is_claimed            a worker has it until next_at; when he dies it becomes due by itself
 *
 * A claim raises the fence. Outcomes count only under the newest fence, so a worker that was paused beyond his lease changes nothing.
 * An end that failed several times in a row is held, then tried by one lane at a time; the first success frees all of its lanes.
 * Where somebody put right what was wrong with an end, an attempt that had begun before neither holds it nor makes its lane wait.
 */
import { transaction } from '@patchbay/kit/database.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'

export type Direction = 'in' | 'out'

export interface NewParcel {
  integrationId: number
  direction: Direction
  conversation: string
  key: string
  content: object
  happenedAt: Date
}

export interface Parcel {
  id: number
  key: string
  content: unknown
  attempts: number
  createdAt: Date
  /** How often its end had been freed when it was taken out. */
  freed: number
}

export interface Lane {
  id: number
  fence: number
  integrationId: number
  direction: Direction
}

/** What became of a parcel, and of the end it was carried to. */
export type Outcome =
  /** `takenAs`: what the other side numbers it. */
  | { state: 'done'; takenAs?: number | undefined }
  /** Never again; the reason is kept. */
  | { state: 'dead'; reason: string }
  /** Again after `delayMs`. `holdMs`: nothing else goes to that end before. */
  | { state: 'pending'; reason: string; delayMs: number; holdMs?: number; isEndAtFault: boolean }

/** Of a row of failures; then one lane alone finds out whether the end is back. */
const BROKEN_AFTER = 3
/** A probe that never came back does not hold an end for longer. */
const PROBE_MS = 30_000

/** Answers how many are new: what came before under the same key is the same. Runs in the caller's transaction. */
export async function put(trx: Tx, parcels: readonly NewParcel[]): Promise<number> {
  if (parcels.length === 0) return 0
  const ids = parcels.map(({ integrationId }) => integrationId)
  const directions = parcels.map(({ direction }) => direction)
  const conversations = parcels.map(({ conversation }) => storable('', conversation))
  await sql`insert into lane (integration_id, direction, conversation)
    select distinct * from unnest(${ids}::bigint[], ${directions}::text[], ${conversations}::text[]) order by 1, 2, 3
    on conflict do nothing`.execute(trx)
  const contents = parcels.map(({ content }) => JSON.stringify(content, storable))
  const { rows } = await sql<{ lane_id: number }>`
    insert into parcel (lane_id, integration_id, direction, key, content, happened_at)
    select lane.id, integration_id, direction, key, content::jsonb, happened_at
    from unnest(${ids}::bigint[], ${directions}::text[], ${conversations}::text[], ${parcels.map(({ key }) => storable('', key))}::text[],
        ${contents}::text[], ${parcels.map(({ happenedAt }) => happenedAt)}::timestamptz[])
      with ordinality as given (integration_id, direction, conversation, key, content, happened_at, place)
    join lane using (integration_id, direction, conversation)
    order by place
    on conflict do nothing
    returning lane_id`.execute(trx)
  await sql`with mine as (select id from lane where id = any (${rows.map((row) => row.lane_id)}::bigint[]) order by id for update)
    update lane set next_at = now() from mine where lane.id = mine.id and next_at is null`.execute(trx)
  return rows.length
}

// jsonb takes neither U+0000 nor half a surrogate pair, and one odd text must not cost the others.
function storable(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\u2400').toWellFormed() : value
}

interface ClaimRow {
  id: number
  fence: number
  integration_id: number
  direction: Direction
}

/** Claims at most `limit` due lanes, those that wait longest first. */
export async function claim(db: Db, limit: number, leaseMs: number): Promise<Lane[]> {
  return transaction(db, async (trx) => {
    const { rows: broken } = await sql<{ integration_id: number; direction: Direction }>`
      select integration_id, direction from lane_end
      where failures >= ${BROKEN_AFTER} and held_until <= now()
        and exists (select from lane where lane.integration_id = lane_end.integration_id
          and lane.direction = lane_end.direction and next_at <= now())
      order by 1, 2 limit ${limit} for update skip locked`.execute(trx)
    const probes: number[] = []
    for (const { integration_id, direction } of broken) {
      const { rows } = await sql<{ id: number }>`select id from lane
        where integration_id = ${integration_id} and direction = ${direction} and next_at <= now()
        order by next_at limit 1 for update skip locked`.execute(trx)
      await sql`update lane_end set held_until = now() + make_interval(secs => ${PROBE_MS / 1000})
        where integration_id = ${integration_id} and direction = ${direction}`.execute(trx)
      probes.push(...rows.map(({ id }) => id))
    }
    const { rows } = await sql<ClaimRow>`
      with due as (
        select lane.id from lane
        join integration on integration.id = lane.integration_id and (integration.state = 'connected' or (integration.state = 'reconnect' and lane.direction = 'in'))
        left join lane_end using (integration_id, direction)
        where lane.next_at <= now()
          and (lane.id = any (${probes}::bigint[])
            or (coalesce(lane_end.failures, 0) < ${BROKEN_AFTER} and coalesce(lane_end.held_until <= now(), true)))
        order by lane.next_at limit ${limit} for update of lane skip locked
      )
      update lane set fence = fence + 1, is_claimed = true, next_at = now() + make_interval(secs => ${leaseMs / 1000})
      from due where lane.id = due.id
      returning lane.id, fence, integration_id, direction`.execute(trx)
    return rows.map(({ id, fence, integration_id: integrationId, direction }) => ({
      id,
      fence,
      integrationId,
      direction,
    }))
  })
}

/** The first parcel of a lane that is held by this claim; puts the lane to rest when there is none. */
export async function next(db: Db, lane: Lane, leaseMs: number): Promise<Parcel | undefined> {
  return transaction(db, async (trx) => {
    if (!(await isMine(trx, lane))) return undefined
    const parcel = await firstOf(trx, lane)
    await sql`update lane set is_claimed = ${parcel !== undefined},
      next_at = case when ${parcel !== undefined} then now() + make_interval(secs => ${leaseMs / 1000}) end
      where id = ${lane.id}`.execute(trx)
    return parcel
  })
}

async function isMine(trx: Tx, lane: Lane): Promise<boolean> {
  const { rows } =
    await sql`select from lane where id = ${lane.id} and fence = ${lane.fence} and is_claimed for update`.execute(
      trx,
    )
  return rows.length > 0
}

async function firstOf(trx: Tx, lane: Lane): Promise<Parcel | undefined> {
  const { rows } = await sql<{
    id: number
    key: string
    content: unknown
    attempts: number
    created_at: Date
    freed: number
  }>`
    select id, key, content, attempts, created_at, coalesce((select freed from lane_end
        where integration_id = ${lane.integrationId} and direction = ${lane.direction}), 0) as freed
    from parcel where lane_id = ${lane.id} and state = 'pending'
    order by happened_at, id limit 1`.execute(trx)
  return (
    rows[0] && {
      id: rows[0].id,
      key: rows[0].key,
      content: rows[0].content,
      attempts: rows[0].attempts,
      createdAt: rows[0].created_at,
      freed: rows[0].freed,
    }
  )
}

/** False: the lane belongs to somebody else by now, and nothing was written. */
export async function settle(db: Db, lane: Lane, parcel: Parcel, outcome: Outcome): Promise<boolean> {
  return transaction(db, async (trx) => {
    if (!(await isMine(trx, lane))) return false
    const reason = outcome.state === 'done' ? null : outcome.reason
    await (outcome.state === 'pending'
      ? sql`update parcel set reason = ${reason}, attempts = attempts + 1 where id = ${parcel.id}`
      : sql`update parcel set state = ${outcome.state}, reason = ${reason}, attempts = attempts + 1, ended_at = ${new Date()},
          taken_as = ${(outcome.state === 'done' && outcome.takenAs) || null},
          content = kept_of(content)
          where id = ${parcel.id}`
    ).execute(trx)
    // First the end, whose lock somebody may have who frees it.
    const counts = await learn(trx, lane, parcel, outcome)
    if (outcome.state === 'pending')
      await sql`update lane set is_claimed = false, next_at = now() + make_interval(secs => ${counts ? outcome.delayMs / 1000 : 0})
        where id = ${lane.id}`.execute(trx)
    return true
  })
}

/** False: the end was freed while this was tried. */
async function learn(
  trx: Tx,
  { integrationId, direction }: Lane,
  { freed }: Parcel,
  outcome: Outcome,
): Promise<boolean> {
  const end = sql`integration_id = ${integrationId} and direction = ${direction}`
  if (outcome.state === 'pending') {
    const failures = outcome.isEndAtFault ? 1 : 0
    const holdMs = outcome.holdMs ?? 0
    const { rows } =
      await sql`insert into lane_end as known (integration_id, direction, failures, held_until, complaint)
      values (${integrationId}, ${direction}, ${failures}, now() + make_interval(secs => ${holdMs / 1000}), ${outcome.reason})
      on conflict (integration_id, direction) do update set failures = known.failures + ${failures}, complaint = excluded.complaint,
        held_until = greatest(excluded.held_until, case when known.failures + ${failures} >= ${BROKEN_AFTER}
          then now() + make_interval(secs => least(30, 2 ^ least(known.failures - 1, 5)::int)) end)
      where known.freed = ${freed} returning 1`.execute(trx)
    return rows.length > 0
  }
  // Whatever was answered, the other side is there. A hold that it asked for meanwhile stays.
  const { rows } = await sql`
    update lane_end set failures = 0, complaint = null, succeeded_at = now(),
      held_until = case when failures >= ${BROKEN_AFTER} then null else held_until end
    where ${end} and (failures > 0 or complaint is not null) returning 1`.execute(trx)
  if (rows.length > 0)
    await sql`update lane set next_at = now() where ${end} and next_at > now() and not is_claimed`.execute(
      trx,
    )
  else
    await sql`insert into lane_end (integration_id, direction, succeeded_at) values (${integrationId}, ${direction}, now())
      on conflict (integration_id, direction) do update set succeeded_at = now()
      where lane_end.succeeded_at is null or lane_end.succeeded_at < now() - interval '1 minute'`.execute(trx)
  return true
}

export async function findByKey(
  db: Db,
  integrationId: number,
  direction: Direction,
  key: string,
): Promise<number> {
  const row = await db
    .selectFrom('parcel')
    .select('id')
    .where('integration_id', '=', integrationId)
    .where('direction', '=', direction)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  return row.id
}

/** The other side has said when it takes something again; what is under way is not concerned. */
export async function hold(
  db: Db,
  integrationId: number,
  direction: Direction,
  forMs: number,
  complaint: string,
): Promise<void> {
  await sql`insert into lane_end as known (integration_id, direction, held_until, complaint)
    values (${integrationId}, ${direction}, now() + make_interval(secs => ${forMs / 1000}), ${complaint})
    on conflict (integration_id, direction) do update set held_until = greatest(known.held_until, excluded.held_until),
      complaint = excluded.complaint`.execute(db)
}

/** Nothing goes out of the channel's door for a while, whichever page it is. */
export async function holdAll(db: Db, direction: Direction, forMs: number, complaint: string): Promise<void> {
  const until = sql`now() + make_interval(secs => ${forMs / 1000})`
  await sql`insert into lane_end as known (integration_id, direction, held_until, complaint)
    select distinct integration_id, direction, ${until}, ${complaint} from lane where direction = ${direction} order by 1
    on conflict (integration_id, direction) do update set held_until = greatest(known.held_until, excluded.held_until),
      complaint = excluded.complaint`.execute(db)
}

/** What was wrong with the ends of an integration may have been put right: they are tried at once. */
export async function freeEnds(db: Db | Tx, integrationId: number): Promise<void> {
  await sql`insert into lane_end as known (integration_id, direction, freed)
    select ${integrationId}, direction, 1 from unnest(array['in', 'out']) as direction order by direction
    on conflict (integration_id, direction) do update set failures = 0, held_until = null, complaint = null,
      freed = known.freed + 1`.execute(db)
  await sql`update lane set next_at = now() where integration_id = ${integrationId} and next_at > now()
    and not is_claimed`.execute(db)
}

/** What ended long ago: the same cannot come again any more. */
export async function forgetEnded(db: Db, olderThanDays: number): Promise<void> {
  await sql`delete from parcel where ended_at < now() - make_interval(days => ${olderThanDays})`.execute(db)
  await sql`delete from parcel using integration where integration.id = parcel.integration_id
    and integration.state in ('replaced', 'disconnected')
    and parcel.created_at < now() - make_interval(days => ${olderThanDays})`.execute(db)
}

/** Until the next lane becomes due, in milliseconds; null: none waits. */
export async function nextDueMs(db: Db): Promise<number | null> {
  const { rows } = await sql<{ ms: number | null }>`
    select greatest(0, extract(epoch from min(next_at) - now()) * 1000)::float as ms from lane where next_at > now()`.execute(
    db,
  )
  return rows[0]?.ms ?? null
}
