/** What a user may, which accounts he sees and which queues ask him, each with its reason. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Because, Rights, rolesApi } from '@patchbay/protocol/api/roles.ts'
import { type Preset, permissions } from '@patchbay/protocol/permissions.ts'
import { type RawBuilder, sql } from 'kysely'
import { visibleAccounts } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import { allowedBy } from '../access/identity.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'

const MOST = 1000

export function rightsRoutes({ db }: Context): Handlers<Pick<typeof rolesApi, 'GET /api/users/:id/rights'>> {
  return { 'GET /api/users/:id/rights': ({ caller, params }) => rightsOf(db, caller, params.id) }
}

async function rightsOf(db: Db, caller: Caller, userId: number): Promise<Rights> {
  const user = await db
    .selectFrom('app_user')
    .innerJoin('role', 'role.id', 'app_user.role_id')
    .select(['role.id', 'role.name', 'role.preset', 'role.permissions', 'app_user.disabled_at'])
    .where('app_user.id', '=', userId)
    .executeTakeFirst()
  if (!user) throw new Refusal('GE-105', `There is no user ${userId}.`)
  const allowed = allowedBy(user)
  const byRole: Because = { by: 'role', name: user.name }
  const [accounts, queues] = await Promise.all([
    reachOf(db, userId, sql`account`, sql`o.deleted_at is null and ${visibleAccounts(caller, 'o.id')}`),
    reachOf(db, userId, sql`queue`, sql`true`),
  ])
  const explain = (ways: readonly Because[], isOpen: boolean): Because[] => {
    if (!isOpen) return [{ by: 'no-module', name: user.name }]
    return ways.length > 0 ? [...ways] : [{ by: 'not-added', name: null }]
  }
  const toReach = (row: Row, isOpen: boolean, more: readonly Because[]): Rights['accounts'][number] => {
    const ways = [...more, ...row.ways]
    return { id: row.id, name: row.name, reaches: isOpen && ways.length > 0, because: explain(ways, isOpen) }
  }
  const isIn = allowed.has('openchannel')
  const seesAll = allowed.has('accounts.all') ? [byRole] : []
  return {
    role: { id: user.id, name: user.name, preset: user.preset as Preset | null },
    disabled: user.disabled_at !== null,
    permissions: permissions.map((permission) => ({
      permission,
      allowed: allowed.has(permission),
      because: [byRole],
    })),
    accounts: accounts.map((row) => toReach(row, isIn, seesAll)),
    queues: queues.map((row) => toReach(row, isIn && allowed.has('openchannel.answer'), [])),
  }
}

interface Row {
  id: number
  name: string
  ways: Because[]
}

async function reachOf(
  db: Db,
  userId: number,
  table: RawBuilder<unknown>,
  condition: RawBuilder<unknown>,
): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select o.id, o.name, coalesce((
      select json_agg(json_build_object('by', way.by, 'name', way.name)) from (
        select 'agent' as by, null as name from ${table}_agent a where a.${table}_id = o.id and a.user_id = ${userId}
        union all
        select 'team', t.name from ${table}_team ot join team_member m using (team_id) join team t on t.id = m.team_id
        where ot.${table}_id = o.id and m.user_id = ${userId}
      ) way), '[]') as ways
    from ${table} o where ${condition} order by lower(o.name), o.id limit ${MOST}`.execute(db)
  return rows
}
