/** Teams: named sets of users, added to accounts and queues as one. */
import { sqlState } from '@patchbay/kit/database.ts'
import { listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { peopleApi, Team } from '@patchbay/protocol/api/people.ts'
import type { Body, Query } from '@patchbay/protocol/endpoint.ts'
import { type SqlBool, sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import * as audit from '../audit/audit.ts'
import type { Db, Tx } from '../db.ts'

function selectTeams(db: Db | Tx) {
  return db
    .selectFrom('team')
    .selectAll()
    .select([
      sql<number[]>`array(select user_id from team_member where team_id = team.id order by user_id)`.as(
        'user_ids',
      ),
      sql<string>`lower(name)`.as('sort_name'),
    ])
}

type TeamRow = Awaited<ReturnType<ReturnType<typeof selectTeams>['executeTakeFirstOrThrow']>>

function toTeam(row: TeamRow): Team {
  const { id, name, version } = row
  return { id, name, version, userIds: row.user_ids, createdAt: row.created_at.toISOString() }
}

/** By name. */
export async function list(db: Db, query: Query<(typeof peopleApi)['GET /api/teams']>) {
  const page = readPage(query, ['string', 'number'])
  const rows = await selectTeams(db)
    .$if(page.after !== undefined, (teams) =>
      teams.where(sql<SqlBool>`(lower(name), id) > (${page.after?.[0]}, ${page.after?.[1]})`),
    )
    .orderBy('sort_name')
    .orderBy('id')
    .limit(page.limit + 1)
    .offset(page.offset)
    .execute()
  const { count } = await db
    .selectFrom('team')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return listAnswer(page, rows, count, toTeam, (row) => [row.sort_name, row.id])
}

export async function create(tx: Tx, caller: Caller, name: string): Promise<Team> {
  const { id } = await tx
    .insertInto('team')
    .values({ name: name.trim() })
    .returning('id')
    .executeTakeFirstOrThrow()
    .catch(refuseTaken)
  const team = await find(tx, id)
  await audit.record(tx, caller, { action: 'created', object: 'team', objectId: id, after: team })
  return team
}

export async function rename(
  tx: Tx,
  caller: Caller,
  id: number,
  { name, version }: Body<(typeof peopleApi)['PATCH /api/teams/:id']>,
): Promise<Team> {
  await lock(tx, id)
  const before = await find(tx, id)
  requireVersion(version, before.version)
  await tx
    .updateTable('team')
    .set({ name: name.trim(), version: before.version + 1 })
    .where('id', '=', id)
    .execute()
    .catch(refuseTaken)
  const after = await find(tx, id)
  await audit.record(tx, caller, { action: 'changed', object: 'team', objectId: id, before, after })
  return after
}

/** Answers who was in it: their rights changed. That nothing waits for it is for the caller to see to, under `lock`. */
export async function remove(
  tx: Tx,
  caller: Caller,
  id: number,
  replacedBy: number | null,
): Promise<number[]> {
  const before = await find(tx, id)
  await tx.deleteFrom('team').where('id', '=', id).execute()
  await audit.record(tx, caller, {
    action: 'deleted',
    object: 'team',
    objectId: id,
    before: { ...before, replacedBy },
  })
  return before.userIds
}

/** The members of the one join the other, which also takes its place among the teams of those who come by single sign-on. */
export async function join(
  tx: Tx,
  caller: Caller,
  from: number,
  to: number,
): Promise<{ name: string; moved: number[] }> {
  const [joining, there] = [await find(tx, from), await find(tx, to)]
  const { moved } = await setMembers(tx, caller, to, [...there.userIds, ...joining.userIds])
  await sql`
    insert into sign_in_team (team_id) select ${to}::bigint from sign_in_team where team_id = ${from}
    on conflict do nothing`.execute(tx)
  return { name: there.name, moved }
}

/** Against every other change, and against being waited for. */
export async function lock(tx: Tx, id: number): Promise<void> {
  await tx.selectFrom('team').select('id').where('id', '=', id).forUpdate().execute()
  await find(tx, id)
}

/** Answers the team, and who came or left. */
export async function setMembers(
  tx: Tx,
  caller: Caller,
  id: number,
  userIds: readonly number[],
  version?: number,
): Promise<{ team: Team; moved: number[] }> {
  // Two replacements at once must not add up to a team that nobody asked for.
  await lock(tx, id)
  const before = await find(tx, id)
  requireVersion(version, before.version)
  await tx
    .updateTable('team')
    .set({ version: before.version + 1 })
    .where('id', '=', id)
    .execute()
  await tx.deleteFrom('team_member').where('team_id', '=', id).execute()
  await sql`insert into team_member (team_id, user_id) select ${id}::bigint, user_id
            from unnest(${[...new Set(userIds)]}::bigint[]) as wanted (user_id)`
    .execute(tx)
    .catch(refuseUnknownUser)
  const team = await find(tx, id)
  await audit.record(tx, caller, { action: 'changed', object: 'team', objectId: id, before, after: team })
  const moved = new Set(before.userIds).symmetricDifference(new Set(team.userIds))
  return { team, moved: [...moved] }
}

async function find(db: Db | Tx, id: number): Promise<Team> {
  const row = await selectTeams(db).where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no team ${id}.`)
  return toTeam(row)
}

function refuseTaken(error: unknown): never {
  if (sqlState(error) !== '23505') throw error
  throw new Refusal('GE-102', 'Another team has this name.', { field: 'name' })
}

function refuseUnknownUser(error: unknown): never {
  if (sqlState(error) !== '23503') throw error
  throw new Refusal('GE-101', 'One of the users does not exist.', { field: 'ids' })
}
