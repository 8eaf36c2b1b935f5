/** Who may: what a caller may see and do, by role, scopes and the accounts to which he or his team was added. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Access, Role } from '@patchbay/protocol/endpoint.ts'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../db.ts'
import type { Caller } from './endpoint.ts'

const rank: Readonly<Record<Role, number>> = { agent: 0, supervisor: 1, admin: 2 }

export function isAdmin(caller: Caller): boolean {
  return caller.user.role === 'admin'
}

export function hasRole(caller: Caller, role: Role): boolean {
  return rank[caller.user.role] >= rank[role]
}

/** Refuses a caller who may not call the endpoint at all. What he may see through it is each handler's matter. */
export function requireAccess(caller: Caller | null, access: Access): void {
  if (access === 'public') return
  if (!caller) throw new Refusal('AU-104')
  if (access.only === 'session' && caller.via !== 'session')
    throw new Refusal('AU-105', 'Only a person signed in at the desk may do this.')
  if (!hasRole(caller, access.role)) throw new Refusal('AU-105', `This needs the role ${access.role}.`)
  const { scopes } = caller
  if (scopes === null || scopes.includes('admin')) return
  if (!access.scopes.some((scope) => scopes.includes(scope)))
    throw new Refusal('AU-105', `The key needs one of these scopes: ${access.scopes.join(', ')}.`)
}

/** Whether the caller sees the account's interactions: an admin sees all, others those to which they or their team was added. */
export async function mayUseAccount(db: Db | Tx, caller: Caller, accountId: number): Promise<boolean> {
  if (isAdmin(caller)) return true
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
  if (isAdmin(caller)) return sql<SqlBool>`true`
  return sql<SqlBool>`${sql.ref(accountColumn)} in (select account_id from account_member where user_id = ${caller.user.id})`
}
