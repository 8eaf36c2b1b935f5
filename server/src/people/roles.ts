/** Roles: what their users may. Admin allows everything and stays so; nobody gives what he does not have. */
import { sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { RoleRow } from '@patchbay/protocol/api/roles.ts'
import { type Permission, type Preset, permissions, presets } from '@patchbay/protocol/permissions.ts'
import { sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { allowedBy } from '../access/identity.ts'
import * as sessions from '../access/sessions.ts'
import * as audit from '../audit/audit.ts'
import type { Db, Tx } from '../db.ts'

function selectRoles(db: Db | Tx) {
  return db
    .selectFrom('role')
    .select(['role.id', 'role.name', 'preset', 'permissions', 'role.version', 'role.created_at'])
    .select(sql<number>`(select count(*)::int from app_user where role_id = role.id)`.as('users'))
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRoles>['executeTakeFirstOrThrow']>>

function toRole(row: Row): RoleRow {
  const allowed = allowedBy(row)
  return {
    id: row.id,
    name: row.name,
    preset: row.preset as Preset | null,
    permissions: permissions.filter((permission) => allowed.has(permission)),
    users: row.users,
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}

/** Presets in their order, then the others by name. */
export async function list(db: Db): Promise<RoleRow[]> {
  const rows = await selectRoles(db).orderBy(sql`lower(role.name)`).execute()
  const rank = ({ preset }: RoleRow) => (preset ? presets.indexOf(preset) : presets.length)
  return rows.map(toRole).sort((a, b) => rank(a) - rank(b))
}

export async function find(db: Db | Tx, id: number): Promise<RoleRow> {
  const row = await selectRoles(db).where('role.id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no role ${id}.`)
  return toRole(row)
}

export async function create(
  tx: Tx,
  caller: Caller,
  wanted: { name: string; permissions: readonly Permission[] },
): Promise<RoleRow> {
  requireCover(caller, wanted.permissions)
  const { id } = await tx
    .insertInto('role')
    .values({ name: wanted.name.trim(), permissions: [...wanted.permissions] })
    .returning('id')
    .executeTakeFirstOrThrow()
    .catch(refuseTaken)
  const role = await find(tx, id)
  await audit.record(tx, caller, { action: 'created', object: 'role', objectId: id, after: role })
  return role
}

export async function change(
  tx: Tx,
  caller: Caller,
  id: number,
  wanted: { name?: string; permissions?: readonly Permission[]; version?: number },
): Promise<RoleRow> {
  const before = await lock(tx, id)
  requireVersion(wanted.version, before.version)
  const name = wanted.name?.trim()
  if (before.preset === 'admin' || (before.preset && name !== undefined && name !== before.name))
    throw new Refusal('PE-110')
  // Who takes more than he has could give it to himself by another hand.
  requireCover(caller, before.permissions)
  requireCover(caller, wanted.permissions ?? [])
  await tx
    .updateTable('role')
    .set({
      name,
      ...(wanted.permissions && { permissions: [...wanted.permissions] }),
      version: before.version + 1,
      updated_at: sql`now()`,
    })
    .where('id', '=', id)
    .execute()
    .catch(refuseTaken)
  const after = await find(tx, id)
  await audit.record(tx, caller, { action: 'changed', object: 'role', objectId: id, before, after })
  await sessions.endViews(tx, await usersOf(tx, id))
  return after
}

/** That nobody has it is for the caller to see to, under `lockRemovable`. */
export async function remove(tx: Tx, caller: Caller, id: number, replacedBy: number | null): Promise<void> {
  const before = await find(tx, id)
  await tx.deleteFrom('role').where('id', '=', id).execute()
  await audit.record(tx, caller, {
    action: 'deleted',
    object: 'role',
    objectId: id,
    before: { ...before, replacedBy },
  })
}

/** Who has the one has the other; answers them. */
export async function replace(tx: Tx, caller: Caller, from: number, to: number): Promise<number[]> {
  requireCover(caller, (await find(tx, to)).permissions)
  const users = await usersOf(tx, from)
  await tx.updateTable('app_user').set({ role_id: to }).where('role_id', '=', from).execute()
  await sessions.endViews(tx, users)
  return users
}

/** Refuses a preset, and one with more rights than the caller's. */
export async function lockRemovable(tx: Tx, caller: Caller, id: number): Promise<void> {
  const { preset, permissions: allowed } = await lock(tx, id)
  if (preset) throw new Refusal('PE-110')
  requireCover(caller, allowed)
}

export async function usersOf(db: Db | Tx, id: number): Promise<number[]> {
  const rows = await db.selectFrom('app_user').select('id').where('role_id', '=', id).execute()
  return rows.map((row) => row.id)
}

/** The role of a preset, or the one named. */
export async function roleIdOf(
  tx: Tx,
  wanted: { role?: Preset | undefined; roleId?: number | undefined },
): Promise<number | undefined> {
  if (wanted.roleId !== undefined) return wanted.roleId
  if (wanted.role === undefined) return undefined
  const { id } = await tx
    .selectFrom('role')
    .select('id')
    .where('preset', '=', wanted.role)
    .executeTakeFirstOrThrow()
  return id
}

/** Refuses a caller who lacks one of the permissions. */
export function requireCover({ user }: Caller, wanted: readonly Permission[]): void {
  const lacking = wanted.filter((permission) => !user.permissions.has(permission))
  if (lacking.length > 0)
    throw new Refusal('AU-105', `You do not have ${lacking.join(', ')} yourself.`, { field: 'permissions' })
}

/** Refuses a caller who would act on somebody with more rights than his own. */
export async function requireCoverOfUser(db: Db | Tx, caller: Caller, userId: number): Promise<void> {
  const row = await selectRoles(db)
    .innerJoin('app_user', 'app_user.role_id', 'role.id')
    .where('app_user.id', '=', userId)
    .executeTakeFirst()
  if (row) requireCover(caller, toRole(row).permissions)
}

export async function lock(tx: Tx, id: number): Promise<RoleRow> {
  await tx.selectFrom('role').select('id').where('id', '=', id).forUpdate().execute()
  return find(tx, id)
}

function refuseTaken(error: unknown): never {
  if (sqlState(error) !== '23505') throw error
  throw new Refusal('GE-102', 'Another role has this name.', { field: 'name' })
}
