/** The door of the accounts room: open channels, who works on them, and their secrets. */
import { randomUUID } from 'node:crypto'
import type { SealingKey } from '@patchbay/kit/crypto.ts'
import { sqlState } from '@patchbay/kit/database.ts'
import { COUNT_CEILING, listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { accountsApi } from '@patchbay/protocol/api/accounts.ts'
import type { Action } from '@patchbay/protocol/api/actions.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type SqlBool, sql, type UpdateObject } from 'kysely'
import { seesAll, visibleAccounts } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { DB } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'
import {
  type AccountRow,
  describe,
  type SettingsInput,
  selectAccounts,
  settingsColumns,
  toAccount,
} from './account-row.ts'
import { sealActions } from './action-secrets.ts'
import { newSecret, newToken } from './secrets.ts'

type ListQuery = Query<(typeof accountsApi)['GET /api/openchannel/accounts']>

/** By name. */
export async function list(ctx: Context, caller: Caller, query: ListQuery) {
  const page = readPage(query, ['string', 'number'])
  const sortName = sql<string>`lower(account.name)`
  let matching = selectAccounts(ctx.db).where(sql<SqlBool>`${visibleAccounts(caller, 'account.id')}`)
  if (query.listId !== undefined) matching = matching.where('list_id', '=', query.listId)
  if (query.search) {
    const pattern = `%${query.search.replace(/[\\%_]/g, '\\$&')}%`
    matching = matching.where((eb) =>
      eb.or([eb('account.name', 'ilike', pattern), eb('account.description', 'ilike', pattern)]),
    )
  }
  let rows = matching.select(sortName.as('sort_name'))
  if (page.after)
    rows = rows.where(sql<SqlBool>`(${sortName}, account.id) > (${page.after[0]}, ${page.after[1]})`)
  const [found, counted] = await Promise.all([
    rows
      .orderBy(sortName)
      .orderBy('account.id')
      .limit(page.limit + 1)
      .offset(page.offset)
      .execute(),
    ctx.db
      .selectFrom(
        matching
          .clearSelect()
          .select('account.id')
          .limit(COUNT_CEILING + 1)
          .as('found'),
      )
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
  ])
  return listAnswer(
    page,
    found,
    counted.count,
    (row) => toAccount(ctx, caller, row),
    (row) => [row.sort_name, row.id],
  )
}

/** Refuses with GE-105 what does not exist, is deleted, or is not the caller's. */
export async function find(db: Db | Tx, caller: Caller, id: number): Promise<AccountRow> {
  const row = await selectAccounts(db)
    .where('account.id', '=', id)
    .where(sql<SqlBool>`${visibleAccounts(caller, 'account.id')}`)
    .executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no account ${id}, or you may not see it.`)
  return row
}

export async function create(
  tx: Tx,
  key: SealingKey,
  caller: Caller,
  input: SettingsInput & { name: string; listId: number },
): Promise<AccountRow> {
  const uid = randomUUID()
  const token = newToken(key, uid)
  const { id } = await tx
    .insertInto('account')
    .values({
      ...settingsColumns(input),
      name: input.name,
      list_id: input.listId,
      uid,
      token_digest: token.digest,
      token_sealed: token.sealed,
      secret_sealed: newSecret(key, uid).sealed,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
    .catch(refuseUnknownList)
  // Who sees the accounts he was added to must not lose the one that he has just made.
  if (!seesAll(caller))
    await tx.insertInto('account_agent').values({ account_id: id, user_id: caller.user.id }).execute()
  const row = await find(tx, caller, id)
  await record(tx, caller, { action: 'created', object: 'account', objectId: id, after: describe(row) })
  return row
}

/** With `version`, a change that somebody else made meanwhile is refused with GE-104. */
export async function change(
  tx: Tx,
  caller: Caller,
  id: number,
  input: SettingsInput & { version?: number | undefined },
): Promise<AccountRow> {
  return alter(tx, caller, id, 'changed', async (before) => {
    requireVersion(input.version, before.version)
    return settingsColumns(input)
  }).catch(refuseUnknownList)
}

/** They are checked; what is secret in them is sealed here. */
export async function setActions(
  tx: Tx,
  key: SealingKey,
  caller: Caller,
  id: number,
  actions: readonly Action[],
  version?: number,
): Promise<AccountRow> {
  return alter(tx, caller, id, 'changed', async (row) => {
    requireVersion(version, row.version)
    const before = row.actions as Action[]
    return { actions: JSON.stringify(sealActions(actions, { key, uid: row.uid, before })) }
  })
}

/** The users must exist. */
export async function setAgents(
  tx: Tx,
  caller: Caller,
  id: number,
  userIds: readonly number[],
  version?: number,
): Promise<AccountRow> {
  return alter(tx, caller, id, 'changed', async (before) => {
    requireVersion(version, before.version)
    await tx.deleteFrom('account_agent').where('account_id', '=', id).execute()
    await sql`insert into account_agent (account_id, user_id)
              select ${id}::bigint, unnest(${[...new Set(userIds)]}::bigint[])`.execute(tx)
    return {}
  })
}

/** The teams must exist. */
export async function setTeams(
  tx: Tx,
  caller: Caller,
  id: number,
  teamIds: readonly number[],
  version?: number,
): Promise<AccountRow> {
  return alter(tx, caller, id, 'changed', async (before) => {
    requireVersion(version, before.version)
    await tx.deleteFrom('account_team').where('account_id', '=', id).execute()
    await sql`insert into account_team (account_id, team_id)
              select ${id}::bigint, unnest(${[...new Set(teamIds)]}::bigint[])`.execute(tx)
    return {}
  })
}

/** Its agents and teams leave it, so that from now on only admins see its interactions. */
/** Against being named anew by whatever holds it until its commit. */
export async function lockWhole(tx: Tx, caller: Caller, id: number): Promise<AccountRow> {
  await tx.selectFrom('account').select('id').where('id', '=', id).forUpdate().execute()
  return find(tx, caller, id)
}

export async function remove(tx: Tx, caller: Caller, id: number, replacedBy: number | null): Promise<void> {
  const before = await lock(tx, caller, id)
  await tx.deleteFrom('account_agent').where('account_id', '=', id).execute()
  await tx.deleteFrom('account_team').where('account_id', '=', id).execute()
  await tx
    .updateTable('account')
    .set({ deleted_at: sql`now()`, updated_at: sql`now()`, version: before.version + 1 })
    .where('id', '=', id)
    .execute()
  await record(tx, caller, {
    action: 'deleted',
    object: 'account',
    objectId: id,
    before: { ...describe(before), ...(replacedBy !== null && { replacedBy }) },
  })
}

/** A deleted account keeps its interactions, not its list: another takes the list's place, so that the list can be deleted. */
export async function moveDeletedAccounts(tx: Tx, fromListId: number, toListId: number): Promise<void> {
  await tx
    .updateTable('account')
    .set({ list_id: toListId })
    .where('list_id', '=', fromListId)
    .where('deleted_at', 'is not', null)
    .execute()
}

/** Locks the account against other changes, applies one, raises the version and writes the audit log. */
export async function alter(
  tx: Tx,
  caller: Caller,
  id: number,
  action: string,
  work: (before: AccountRow) => Promise<UpdateObject<DB, 'account'>>,
): Promise<AccountRow> {
  const before = await lock(tx, caller, id)
  await tx
    .updateTable('account')
    .set({ ...(await work(before)), version: before.version + 1, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
  const after = await find(tx, caller, id)
  await record(tx, caller, {
    action,
    object: 'account',
    objectId: id,
    before: describe(before),
    after: describe(after),
  })
  return after
}

async function lock(tx: Tx, caller: Caller, id: number): Promise<AccountRow> {
  await tx.selectFrom('account').select('id').where('id', '=', id).forNoKeyUpdate().execute()
  return find(tx, caller, id)
}

const FOREIGN_KEY_VIOLATION = '23503'

function refuseUnknownList(error: unknown): never {
  if (sqlState(error) === FOREIGN_KEY_VIOLATION)
    throw new Refusal('GE-101', 'There is no such list.', { field: 'listId' })
  throw error
}
