/** Users: who may sign in, with which role. */
import { sqlState } from '@patchbay/kit/database.ts'
import { COUNT_CEILING, listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { choosePassword } from '@patchbay/kit/password-rules.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { peopleApi, User } from '@patchbay/protocol/api/people.ts'
import type { Body, Query } from '@patchbay/protocol/endpoint.ts'
import { type SqlBool, sql } from 'kysely'
import { may } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import * as sessions from '../access/sessions.ts'
import { lacksSecondFactor } from '../access/sign-in-rules.ts'
import * as audit from '../audit/audit.ts'
import type { Db, Tx } from '../db.ts'
import { voidLinks } from './password-links.ts'
import { find as findRole, requireCover, requireCoverOfUser, roleIdOf } from './roles.ts'
import { selectUsers, toUser } from './user-row.ts'

export type NewUser = Omit<Body<(typeof peopleApi)['POST /api/users']>, 'password' | 'mail'> & {
  /** null: invited, until he sets a password. */
  passwordHash: string | null
}
type PatchBody = Body<(typeof peopleApi)['PATCH /api/users/:id']>
export type UserChange = Omit<PatchBody, 'password' | 'handOver'> & { passwordHash?: string | undefined }

/** By full name. Agents see no e-mail addresses. */
export async function list(db: Db, caller: Caller, query: Query<(typeof peopleApi)['GET /api/users']>) {
  const page = readPage(query, ['string', 'number'])
  const sortName = sql<string>`lower(app_user.fullname)`
  const matching = selectUsers(db).$if(Boolean(query.search), (users) => {
    const pattern = `%${query.search?.replace(/[\\%_]/g, '\\$&')}%`
    const columns = seesAddresses(caller)
      ? sql`concat_ws(' ', app_user.name, fullname, email)`
      : sql`concat_ws(' ', app_user.name, fullname)`
    return users.where(sql<SqlBool>`${columns} ilike ${pattern}`)
  })
  const rows = await matching
    .select(sortName.as('sort_name'))
    .$if(page.after !== undefined, (users) =>
      users.where(sql<SqlBool>`(${sortName}, app_user.id) > (${page.after?.[0]}, ${page.after?.[1]})`),
    )
    .orderBy(sortName)
    .orderBy('app_user.id')
    .limit(page.limit + 1)
    .offset(page.offset)
    .execute()
  const counted = await db
    .selectFrom(
      matching
        .clearSelect()
        .select('app_user.id')
        .limit(COUNT_CEILING + 1)
        .as('found'),
    )
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const show = (row: (typeof rows)[number]): User => {
    const { sort_name, ...user } = row
    return toUser(seesAddresses(caller) ? user : { ...user, email: '' })
  }
  return listAnswer(page, rows, counted.count, show, (row) => [row.sort_name, row.id])
}

// Who leads others knows how to write to them.
function seesAddresses(caller: Caller): boolean {
  return may(caller, 'people.manage') || may(caller, 'presence.others')
}

export async function find(db: Db | Tx, id: number): Promise<User> {
  const row = await selectUsers(db).where('app_user.id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no user ${id}.`)
  return toUser(row)
}

/** `caller` is null for the first admin, whom nobody makes. */
export async function create(tx: Tx, caller: Caller | null, wanted: NewUser): Promise<User> {
  const { passwordHash, capacity, locale } = wanted
  const role_id = await roleFor(tx, caller, { role: wanted.role ?? 'agent', roleId: wanted.roleId })
  const email = wanted.email.trim()
  const name = wanted.name ?? (await freeName(tx, email))
  const fullname = wanted.fullname ?? name
  const { id } = await tx
    .insertInto('app_user')
    .values({
      email,
      name,
      fullname,
      role: 'agent',
      role_id,
      password_hash: passwordHash,
      ...(capacity && { capacity }),
      ...(locale && { locale }),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
    .catch(refuseTaken)
  const user = await find(tx, id)
  await audit.record(tx, caller, { action: 'created', object: 'app_user', objectId: id, after: user })
  return user
}

/** Before the transaction of `change`: hashing takes long. Refuses a weak one. */
export async function hashNewPassword(
  db: Db,
  id: number,
  { password, email }: Pick<PatchBody, 'password' | 'email'>,
): Promise<string | undefined> {
  const known = await find(db, id)
  return password === undefined ? undefined : choosePassword(password, email ?? known.email)
}

/** A new password and disabling end all sessions of the user: call `gatekeeper.forget` after the commit. */
export async function change(tx: Tx, caller: Caller, id: number, wanted: UserChange): Promise<User> {
  const { passwordHash: password_hash, email, name, fullname, capacity, disabled } = wanted
  await lockAdmins(tx)
  await tx.selectFrom('app_user').select('id').where('id', '=', id).forUpdate().execute()
  const before = await find(tx, id)
  requireVersion(wanted.version, before.version)
  await requireCoverOfUser(tx, caller, id)
  const role_id = await roleFor(tx, caller, wanted)
  await tx
    .updateTable('app_user')
    .set({ email: email?.trim(), name, fullname, role_id, capacity, password_hash, updated_at: sql`now()` })
    .set({ version: sql`version + 1` })
    .$if(disabled !== undefined, (query) =>
      query.set({ disabled_at: disabled ? sql`coalesce(disabled_at, now())` : null }),
    )
    .where('id', '=', id)
    .execute()
    .catch(refuseTaken)
  if (!(await hasAdmin(tx))) throw new Refusal('PE-101')
  if (password_hash || disabled || (role_id !== undefined && (await lacksSecondFactor(tx, id))))
    await sessions.endAll(tx, id)
  if (role_id !== undefined) await sessions.endViews(tx, [id])
  if (password_hash || disabled || email !== undefined) await voidLinks(tx, id)
  const after = await find(tx, id)
  const action = password_hash ? 'changed-password' : 'changed'
  await audit.record(tx, caller, { action, object: 'app_user', objectId: id, before, after })
  return after
}

export async function hasAdmin(db: Db | Tx): Promise<boolean> {
  const admin = await db
    .selectFrom('app_user')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return admin !== undefined
}

// Nobody gives a role that allows more than his own.
async function roleFor(
  tx: Tx,
  caller: Caller | null,
  wanted: { role?: PatchBody['role'] | undefined; roleId?: number | undefined },
): Promise<number | undefined> {
  const id = await roleIdOf(tx, wanted)
  if (id !== undefined && caller) requireCover(caller, (await findRole(tx, id)).permissions)
  return id
}

// Two admins who demote each other at the same time would both see one admin left.
async function lockAdmins(tx: Tx): Promise<void> {
  await tx.selectFrom('app_user').select('id').where('role', '=', 'admin').orderBy('id').forUpdate().execute()
}

// marta@example.com is marta, the next one marta2.
async function freeName(tx: Tx, email: string): Promise<string> {
  const local = email.split('@')[0] || email
  const taken = await tx
    .selectFrom('app_user')
    .select(sql<string>`lower(name)`.as('name'))
    .where(sql<SqlBool>`starts_with(lower(name), ${local.toLowerCase()})`)
    .execute()
  const names = new Set(taken.map((row) => row.name))
  for (let number = 1; ; number++) {
    const name = number === 1 ? local : `${local}${number}`
    if (!names.has(name.toLowerCase())) return name
  }
}

function refuseTaken(error: unknown): never {
  if (sqlState(error) !== '23505') throw error
  const field = (error as { constraint?: string }).constraint === 'app_user_email' ? 'email' : 'name'
  throw new Refusal('GE-102', `Another user has this ${field === 'email' ? 'e-mail' : 'name'}.`, { field })
}
