/** How users stand: as they see it themselves, as their supervisors do, and as it was. */
import { listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { AgentPresence, PresencePeriod, presenceApi } from '@patchbay/protocol/api/presence.ts'
import type { PresenceState } from '@patchbay/protocol/api/session.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type SqlBool, sql } from 'kysely'
import { may, seesAll } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import type { Db, Tx } from '../db.ts'
import { type Prepares, runPrepared } from './prepared.ts'

type Table = typeof presenceApi

interface Stands {
  id: number
  presence: Omit<PresenceState, 'slotsUsed'>
}

/** Without `slotsUsed`, which the board knows. */
export async function presencesOf(
  db: Db | Tx,
  userIds: readonly number[],
): Promise<Map<number, Stands['presence']>> {
  if (userIds.length === 0) return new Map()
  const { rows } = await presencesQuery(userIds).execute(db)
  return new Map(rows.map(({ id, presence }) => [id, presence]))
}

/** The same, for what asks many times a second. */
export async function preparedPresences(
  ctx: Prepares,
  userIds: readonly number[],
): Promise<Map<number, Stands['presence']>> {
  const rows = await runPrepared(ctx, 'presences', presencesQuery(userIds))
  return new Map(rows.map(({ id, presence }) => [id, presence]))
}

const presencesQuery = (userIds: readonly number[]) => sql<Stands>`
  select user_id as id, presence from presence_now where user_id = any(${userIds}::bigint[])`

/** True for users `app_user` whom the caller leads: they work on an account that he sees. An admin is led only by who manages people. */
function led(caller: Caller) {
  const isBelow = may(caller, 'people.manage') ? sql`true` : sql`app_user.role <> 'admin'`
  const isNear = seesAll(caller)
    ? sql`true`
    : sql`exists (
        select from account_member mine join account_member theirs using (account_id)
        where mine.user_id = ${caller.user.id} and theirs.user_id = app_user.id)`
  return sql<SqlBool>`(${isBelow} and ${isNear})`
}

function selectAgents(db: Db | Tx, caller: Caller) {
  return db
    .selectFrom('app_user')
    .innerJoin('presence_now', 'presence_now.user_id', 'app_user.id')
    .leftJoin('presence', 'presence.user_id', 'app_user.id')
    .select(['app_user.id', 'fullname', 'role'])
    .select([
      sql<AgentPresence['teams']>`coalesce(
        (select json_agg(json_build_object('id', team.id, 'name', team.name) order by lower(team.name))
         from team join team_member on team_member.team_id = team.id where team_member.user_id = app_user.id), '[]')`.as(
        'teams',
      ),
      sql<boolean>`coalesce(presence.lease_until > now(), false)`.as('isHere'),
      sql<string | null>`wire_instant(presence.away_since)`.as('lastHeardAt'),
      sql<PresenceState>`presence_now.presence || jsonb_build_object('slotsUsed',
        (select count(*) from interaction i where i.user_id = app_user.id and i.closed_at is null))`.as(
        'presence',
      ),
      sql<string>`lower(fullname)`.as('sort_name'),
    ])
    .where('disabled_at', 'is', null)
    .where(led(caller))
}

export async function readAgent(db: Db | Tx, caller: Caller, userId: number): Promise<AgentPresence> {
  const row = await selectAgents(db, caller).where('app_user.id', '=', userId).executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no agent ${userId} whom you may see.`)
  return toAgent(row)
}

/** By full name. */
export async function listAgents(db: Db, caller: Caller, query: Query<Table['GET /api/openchannel/agents']>) {
  const page = readPage(query, ['string', 'number'])
  const pattern = query.search ? `%${query.search.replace(/[\\%_]/g, '\\$&')}%` : '%'
  const matching = selectAgents(db, caller).where('fullname', 'ilike', pattern)
  const [rows, { count }] = await Promise.all([
    matching
      .$if(page.after !== undefined, (agents) =>
        agents.where(sql<SqlBool>`(lower(fullname), app_user.id) > (${page.after?.[0]}, ${page.after?.[1]})`),
      )
      .orderBy('sort_name')
      .orderBy('app_user.id')
      .limit(page.limit + 1)
      .offset(page.offset)
      .execute(),
    db
      .selectFrom('app_user')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('disabled_at', 'is', null)
      .where(led(caller))
      .where('fullname', 'ilike', pattern)
      .executeTakeFirstOrThrow(),
  ])
  return listAnswer(page, rows, count, toAgent, (row) => [row.sort_name, row.id])
}

type AgentRow = AgentPresence & { sort_name: string }

function toAgent({ sort_name, ...agent }: AgentRow): AgentPresence {
  return agent
}

/** Newest first. */
export async function listPeriods(
  db: Db,
  caller: Caller,
  userId: number,
  query: Query<Table['GET /api/users/:id/presence/periods']>,
) {
  await readAgent(db, caller, userId)
  const page = readPage(query, ['number'])
  const { from = '-infinity', to = 'infinity' } = query
  const among = db
    .selectFrom('presence_period as period')
    .where('period.user_id', '=', userId)
    .where(
      sql<SqlBool>`period.since < ${to}::timestamptz and coalesce(period.until, now()) >= ${from}::timestamptz`,
    )
  const [rows, { count }] = await Promise.all([
    among
      .leftJoin('app_user as by', 'by.id', 'period.by_user_id')
      .select(['period.id', 'period.state', 'period.reason', 'period.cause', 'period.note'])
      .select(['period.since', 'period.until', 'period.by_user_id', 'by.fullname'])
      .$if(page.after !== undefined, (periods) => periods.where('period.id', '<', page.after?.[0] ?? 0))
      .orderBy('period.id', 'desc')
      .limit(page.limit + 1)
      .offset(page.offset)
      .execute(),
    among.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow(),
  ])
  const toPeriod = (row: (typeof rows)[number]): PresencePeriod => ({
    id: row.id,
    // The trigger writes what the check of presence allows.
    state: row.state as PresencePeriod['state'],
    cause: row.cause as PresencePeriod['cause'],
    reason: row.reason,
    setBy: row.by_user_id === null ? null : { id: row.by_user_id, fullname: row.fullname ?? '' },
    note: row.note,
    since: row.since.toISOString(),
    until: row.until?.toISOString() ?? null,
  })
  return listAnswer(page, rows, count, toPeriod, (row) => [row.id])
}
