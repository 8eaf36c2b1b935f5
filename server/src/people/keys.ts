/** API keys: made for a user, shown once, replaced with an overlap, revoked at once. */
import { listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Key, peopleApi } from '@patchbay/protocol/api/people.ts'
import type { Answer, Body, Query, Scope } from '@patchbay/protocol/endpoint.ts'
import { may } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import * as credentials from '../access/keys.ts'
import * as audit from '../audit/audit.ts'
import type { Db, Tx } from '../db.ts'
import { requireCoverOfUser } from './roles.ts'

type NewKey = Answer<(typeof peopleApi)['POST /api/keys']>

const USUAL_OVERLAP_SECONDS = 24 * 60 * 60

function selectKeys(db: Db | Tx, caller: Caller) {
  return db
    .selectFrom('api_key')
    .innerJoin('app_user', 'app_user.id', 'api_key.user_id')
    .selectAll('api_key')
    .select('app_user.fullname')
    .$if(!may(caller, 'keys.manage'), (keys) => keys.where('user_id', '=', caller.user.id))
}

type KeyRow = Awaited<ReturnType<ReturnType<typeof selectKeys>['executeTakeFirstOrThrow']>>

function toKey(row: KeyRow): Key {
  return {
    id: row.id,
    name: row.name,
    start: row.start,
    last4: row.last4,
    scopes: row.scopes as Scope[] | null,
    user: { id: row.user_id, fullname: row.fullname },
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    lastUsedIp: row.last_used_ip,
  }
}

/** Newest first: with `keys.manage` all, else one's own. */
export async function list(db: Db, caller: Caller, query: Query<(typeof peopleApi)['GET /api/keys']>) {
  const page = readPage(query, ['number'])
  const rows = await selectKeys(db, caller)
    .$if(page.after !== undefined, (keys) => keys.where('api_key.id', '<', page.after?.[0] ?? 0))
    .orderBy('api_key.id', 'desc')
    .limit(page.limit + 1)
    .offset(page.offset)
    .execute()
  const { count } = await db
    .selectFrom('api_key')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .$if(!may(caller, 'keys.manage'), (keys) => keys.where('user_id', '=', caller.user.id))
    .executeTakeFirstOrThrow()
  return listAnswer(page, rows, count, toKey, (row) => [row.id])
}

export async function create(
  tx: Tx,
  caller: Caller,
  wanted: Body<(typeof peopleApi)['POST /api/keys']>,
): Promise<NewKey> {
  const scopes = wanted.scopes ?? null
  requireNotWider(caller, scopes)
  const expires_at = wanted.expiresAt ? new Date(wanted.expiresAt) : null
  if (expires_at && !(expires_at.getTime() > Date.now()))
    throw new Refusal('GE-101', 'expiresAt must be in the future.', { field: 'expiresAt' })
  return insert(tx, caller, { user_id: caller.user.id, name: wanted.name, scopes, expires_at })
}

/** The successor has name, owner and scopes of the old key, which ends after the overlap at the latest. */
export async function rotate(
  tx: Tx,
  caller: Caller,
  id: number,
  overlapSeconds = USUAL_OVERLAP_SECONDS,
): Promise<NewKey> {
  const old = await find(tx, caller, id)
  // The successor is told to the caller, so it must open nothing that he has not.
  if (old.user_id !== caller.user.id) await requireCoverOfUser(tx, caller, old.user_id)
  requireNotWider(caller, old.scopes as Scope[] | null)
  const { user_id, name, scopes, expires_at } = old
  const successor = await insert(tx, caller, { user_id, name, scopes: scopes as Scope[] | null, expires_at })
  await credentials.replace(tx, id, successor.id, overlapSeconds)
  await audit.record(tx, caller, {
    action: 'rotated',
    object: 'api_key',
    objectId: id,
    after: { replacedBy: successor.id, overlapSeconds },
  })
  return successor
}

/** Answers whose it was. */
export async function revoke(tx: Tx, caller: Caller, id: number): Promise<number> {
  const row = await find(tx, caller, id)
  await credentials.remove(tx, id)
  await audit.record(tx, caller, { action: 'revoked', object: 'api_key', objectId: id, before: toKey(row) })
  return row.user_id
}

async function insert(tx: Tx, caller: Caller, fields: credentials.NewKey): Promise<NewKey> {
  const { id, key } = await credentials.add(tx, fields)
  const shown = toKey(await find(tx, caller, id))
  await audit.record(tx, caller, { action: 'created', object: 'api_key', objectId: id, after: shown })
  return { ...shown, key }
}

async function find(tx: Tx, caller: Caller, id: number): Promise<KeyRow> {
  const row = await selectKeys(tx, caller).where('api_key.id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no key ${id}, or it is not yours.`)
  return row
}

// A key that leaked must not be able to make itself one that opens more.
function requireNotWider(caller: Caller, scopes: readonly Scope[] | null): void {
  if (caller.scopes === null) return
  const held = new Set(caller.scopes)
  if (scopes === null || scopes.some((scope) => !held.has(scope)))
    throw new Refusal('AU-105', 'A key with scopes cannot make one with others.', { field: 'scopes' })
}
