/** Who may: what a caller may see and do, by permissions, scopes and the accounts to which he or his team was added. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import {
  type Access,
  type Method,
  permissionsOf,
  type RestrictedAccess,
  type Role,
} from '@patchbay/protocol/endpoint.ts'
import type { Permission } from '@patchbay/protocol/permissions.ts'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../db.ts'
import type { Caller } from './endpoint.ts'

const rank: Readonly<Record<Role, number>> = { agent: 0, supervisor: 1, admin: 2 }

export function may(caller: Caller, permission: Permission): boolean {
  return caller.user.permissions.has(permission)
}

/** Sees every account, without being added to any. */
export function seesAll(caller: Caller): boolean {
  return may(caller, 'accounts.all')
}

/** Refuses a caller who may not call the endpoint at all. What he may see through it is each handler's matter. */
export function requireAccess(caller: Caller | null, access: Access): void {
  if (access === 'public') return
  if (!caller) throw new Refusal('AU-104')
  if (access.only === 'session' && caller.via !== 'session')
    throw new Refusal('AU-105', 'Only a person signed in at the desk may do this.')
  const lacking = lackingOf(caller, access)
  if (lacking) throw new Refusal('AU-105', lacking)
  const { scopes } = caller
  if (scopes === null || scopes.includes('admin')) return
  if (!access.scopes.some((scope) => scopes.includes(scope)))
    throw new Refusal('AU-105', `The key needs one of these scopes: ${access.scopes.join(', ')}.`)
}

/** Refuses to change anything for somebody who looks at the desk of another. */
export function requireOwnDesk(caller: Caller | null, access: Access, method: Method): void {
  if (!caller?.viewer || method === 'GET' || access === 'public' || access.whileViewing) return
  throw new Refusal('AU-121', `You see the desk of ${caller.user.fullname}.`)
}

function lackingOf({ user }: Caller, access: RestrictedAccess): string | undefined {
  if ('role' in access)
    return rank[user.role] >= rank[access.role] ? undefined : `This needs the role ${access.role}.`
  const wanted = permissionsOf(access)
  if (wanted === null || wanted.some((permission) => user.permissions.has(permission))) return undefined
  return wanted.length === 1
    ? `Your role does not have the permission ${wanted[0]}.`
    : `Your role has none of the permissions ${wanted.join(', ')}.`
}

/** Whether the caller sees the account's interactions: with `accounts.all` all, else those to which he or his team was added. */
export async function mayUseAccount(db: Db | Tx, caller: Caller, accountId: number): Promise<boolean> {
  if (seesAll(caller)) return true
  const row = await db
    .selectFrom('account_member')
    .select('account_id')
    .where('account_id', '=', accountId)
    .where('user_id', '=', caller.user.id)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * A condition for lists: true for the rows whose account the caller sees.
 * `where ${visibleAccounts(caller, 'i.account_id')}`, or `.where(visibleAccounts(caller, 'interaction.account_id'))`.
 */
export function visibleAccounts(caller: Caller, accountColumn: string): RawBuilder<SqlBool> {
  if (seesAll(caller)) return sql<SqlBool>`true`
  return sql<SqlBool>`${sql.ref(accountColumn)} in (select account_id from account_member where user_id = ${caller.user.id})`
}
