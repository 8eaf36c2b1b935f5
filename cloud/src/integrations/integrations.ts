/** Integrations: pages bound to accounts. Each belongs to the user who made it, and nobody else sees it. */

import { seal, sha256 } from '@patchbay/kit/crypto.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Integration, IntegrationOptions } from '@patchbay/protocol/api/cloud-integrations.ts'
import { type Selectable, sql, type Updateable } from 'kysely'
import type { Context } from '../context.ts'
import type { DB } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'
import { say, toSaid } from '../texts/say.ts'
import { readReceiveUrl, type Target } from './target.ts'

export type Row = Selectable<DB['integration']>
type Sealing = Pick<Context, 'sealingKey'>

export interface NewIntegration {
  userId: number
  kind: Integration['kind']
  pageId: string
  pageName: string
  /** Of an account on Instagram: the page to which it is linked. */
  linkedPage: { id: string; name: string } | null
  facebookUserId: string
  pageToken: string
  subscribedFields: readonly string[]
  missingPermissions: readonly string[]
}

export async function add(
  tx: Tx,
  { sealingKey }: Sealing,
  page: NewIntegration,
  target: Target,
  options: Partial<IntegrationOptions>,
): Promise<Row> {
  const { shown, accountId } = readReceiveUrl(target.receiveUrl)
  // What is sealed names its row, so the row is there first.
  const { id } = await tx
    .insertInto('integration')
    .values({
      user_id: page.userId,
      kind: page.kind,
      linked_page_id: page.linkedPage?.id ?? null,
      linked_page_name: page.linkedPage?.name ?? null,
      page_id: page.pageId,
      page_name: page.pageName,
      facebook_user_id: page.facebookUserId,
      receive_url: shown,
      account_id: accountId,
      subscribed_fields: [...page.subscribedFields],
      missing_permissions: [...page.missingPermissions],
      subscription_checked_at: sql`now()`,
      token_checked_at: sql`now()`,
      ...columnsOf(options),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return update(tx, id, {
    page_token_sealed: seal(sealingKey, `integration:${id}:page_token`, page.pageToken),
    ...sealTarget({ sealingKey }, id, target),
  })
}

export function sealTarget(
  { sealingKey }: Sealing,
  id: number,
  target: Target,
): Updateable<DB['integration']> {
  const { shown, accountId } = readReceiveUrl(target.receiveUrl)
  const sealed = (name: string, text: string): Buffer => seal(sealingKey, `integration:${id}:${name}`, text)
  return {
    receive_url: shown,
    account_id: accountId,
    receive_url_sealed: sealed('receive_url', target.receiveUrl),
    api_key_sealed: sealed('api_key', target.apiKey),
    secret_sealed: sealed('secret', target.secret),
    uid_sealed: sealed('uid', target.uid),
    uid_digest: sha256(target.uid),
    server_name: target.serverName,
  }
}

export function sealToken({ sealingKey }: Sealing, id: number, pageToken: string): Buffer {
  return seal(sealingKey, `integration:${id}:page_token`, pageToken)
}

export async function update(tx: Db | Tx, id: number, fields: Updateable<DB['integration']>): Promise<Row> {
  return tx
    .updateTable('integration')
    .set({ ...fields, version: sql<number>`version + 1`, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** With the user's own alone; throws GE-105. */
export async function find(db: Db | Tx, userId: number, id: number): Promise<Row> {
  const row = await db
    .selectFrom('integration')
    .selectAll()
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  if (!row) throw new Refusal('GE-105')
  return row
}

export async function list(db: Db, userId: number): Promise<Row[]> {
  return db
    .selectFrom('integration')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('id', 'desc')
    .limit(MOST_LISTED)
    .execute()
}
const MOST_LISTED = 1000

/** One integration per page: those before are told that they were replaced. Answers them, with the address of their owners. */
export async function replaceOthers(
  tx: Tx,
  kind: Integration['kind'],
  pageId: string,
  exceptId?: number,
): Promise<{ id: number; userId: number; pageName: string; email: string; locale: string }[]> {
  // Of two who connect the same page at once, one waits for the other.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`page:${pageId}`}, 0))`.execute(tx)
  return tx
    .updateTable('integration')
    .from('app_user')
    .whereRef('app_user.id', '=', 'integration.user_id')
    .set({
      state: 'replaced',
      state_reason: say('connected-again'),
      state_since: sql<Date>`now()`,
      page_token_sealed: null,
    })
    .where('kind', '=', kind)
    .where('page_id', '=', pageId)
    .where('state', 'in', ['connected', 'paused', 'reconnect'])
    .$if(exceptId !== undefined, (query) => query.where('integration.id', '!=', exceptId ?? 0))
    .returning([
      'integration.id',
      'integration.user_id as userId',
      'integration.page_name as pageName',
      'app_user.email',
      'app_user.locale',
    ])
    .execute()
}

/** Of what Meta is asked about: the page itself, or the one to which the account is linked. */
export function nodeOf(row: Pick<Row, 'page_id' | 'linked_page_id'>): string {
  return row.linked_page_id ?? row.page_id
}

/** The page of whoever sees it there, in a state that is not its end. */
export async function liveOfPages(db: Db, pageIds: readonly string[]): Promise<Map<string, Row>> {
  if (pageIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('integration')
    .selectAll()
    .where('page_id', 'in', pageIds)
    .where('state', 'in', ['connected', 'paused', 'reconnect'])
    .execute()
  return new Map(rows.map((row) => [row.page_id, row]))
}

export async function remove(db: Db | Tx, id: number): Promise<void> {
  await db.deleteFrom('integration').where('id', '=', id).execute()
}

interface OptionColumns {
  messenger?: boolean
  wall_posts?: boolean
  comment_depth?: number
  wall_files?: boolean
  language?: 'en' | 'it'
}

export function columnsOf(options: Partial<IntegrationOptions>): OptionColumns {
  const { messenger, wallPosts, commentDepth, wallFiles, language } = options
  return {
    ...(messenger !== undefined && { messenger }),
    ...(wallPosts !== undefined && { wall_posts: wallPosts }),
    ...(commentDepth !== undefined && { comment_depth: commentDepth }),
    ...(wallFiles !== undefined && { wall_files: wallFiles }),
    ...(language !== undefined && { language }),
  }
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

export function toIntegration(row: Row): Integration {
  return {
    id: row.id,
    kind: row.kind,
    page: { id: row.page_id, name: row.page_name },
    linkedPage:
      row.linked_page_id === null ? null : { id: row.linked_page_id, name: row.linked_page_name ?? '' },
    target: {
      receiveUrl: row.receive_url,
      host: new URL(row.receive_url).host,
      accountId: row.account_id,
      serverName: row.server_name,
    },
    messenger: row.messenger,
    wallPosts: row.wall_posts,
    commentDepth: row.comment_depth,
    wallFiles: row.wall_files,
    language: row.language,
    state: row.state,
    stateReason: toSaid(row.state_reason),
    stateSince: row.state_since.toISOString(),
    health: {
      tokenExpiresAt: iso(row.token_expires_at),
      tokenCheckedAt: iso(row.token_checked_at),
      missingPermissions: row.missing_permissions,
      subscribedFields: row.subscribed_fields,
      subscriptionCheckedAt: iso(row.subscription_checked_at),
      lastEventAt: iso(row.last_event_at),
      lastForwardedAt: iso(row.last_forwarded_at),
      lastReplyAt: iso(row.last_reply_at),
      lastFailureAt: iso(row.last_failure_at),
      lastFailure: toSaid(row.last_failure),
      failuresInRow: row.failures_in_row,
      wrongSecretSince: iso(row.wrong_secret_since),
    },
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}
