/** Binds a page to an account, renews and changes that: first what the outside has to say, then one transaction. */

import { open } from '@patchbay/kit/crypto.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { writeMail } from '@patchbay/kit/letter.ts'
import { queueMail } from '@patchbay/kit/mail.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Integration, IntegrationOptions } from '@patchbay/protocol/api/cloud-integrations.ts'
import { type Actor, actAs } from '../../audit/audit.ts'
import type { Purpose } from '../../channels/channel-kind.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { GraphError } from '../../graph/graph-error.ts'
import * as integrations from '../../integrations/integrations.ts'
import * as logins from '../../integrations/logins.ts'
import type { Target } from '../../integrations/target.ts'
import * as lanes from '../../lanes/lanes.ts'
import { textsOf } from '../../texts/languages.ts'
import { refusal } from '../../texts/refusal.ts'
import { say } from '../../texts/say.ts'
import { channelOf } from '../channel-kinds.ts'
import { fetchTarget } from './centre.ts'
import { askGranted } from './login.ts'
import { findPage, type Page, reasonAgainst } from './pages.ts'
import { missingOf } from './permissions.ts'
import { fieldsOfRow, optionsOf, subscribe } from './subscription.ts'

const usualOptions = { messenger: true, wallPosts: true }

/** Whose login at Facebook counts; throws CL-103. */
export async function requireLogin(ctx: Context, userId: number): Promise<logins.Login> {
  ctx.graph.app()
  const login = await logins.find(ctx.db, ctx.sealingKey, userId)
  if (!login) throw new Refusal('CL-103')
  return login
}

/** The same with what is granted now: at Facebook each permission can be taken back for itself, and nobody tells. */
export async function requireFreshLogin(ctx: Context, userId: number): Promise<logins.Login> {
  const login = await requireLogin(ctx, userId)
  const now = await askGranted(ctx.graph, login.token).catch(refuseGraph(ctx, userId))
  await logins.noteGranted(ctx.db, userId, now)
  return { ...login, ...now }
}

/** A refusal of Meta in words for whoever waits for it. A dead login is forgotten. */
export function refuseGraph(ctx: Context, userId: number) {
  return async (error: unknown): Promise<never> => {
    if (!(error instanceof GraphError)) throw error
    const { kind, code, subcode, words } = error
    ctx.log.warn(
      { kind, code, subcode, traceId: error.traceId, userId },
      'Meta refused a call while connecting',
    )
    if (kind === 'token') {
      await logins.forget(ctx.db, userId)
      throw refusal('CL-103', say('login-ended'))
    }
    const number = [code, subcode].filter((part) => part !== null).join('/')
    const said =
      code === null ? say('facebook-says', { text: words }) : say('facebook-refuses', { number, text: words })
    throw refusal('CL-104', said, {
      ...(error.retryAfterMs !== undefined && { retryAfterSeconds: error.retryAfterMs / 1000 }),
    })
  }
}

/** Throws CL-105 with what is missing. */
async function requirePage(
  ctx: Context,
  login: logins.Login,
  pageId: string,
  purposes: readonly Purpose[],
): Promise<Page & { token: string }> {
  const page = await findPage(ctx, login, pageId)
  if (!page) throw refusal('CL-105', say('not-chosen'), { field: 'pageId' })
  const reason = reasonAgainst(page, login, purposes)
  if (reason || page.token === null) throw refusal('CL-105', reason ?? say('no-token'), { field: 'pageId' })
  return { ...page, token: page.token }
}

/** The account that was chosen, and what is used up with it in the same transaction. */
export interface Chosen {
  target: Target
  use?: (tx: Tx) => Promise<void>
}

export async function bind(
  ctx: Context,
  by: Actor,
  { kind, pageId }: { kind: Integration['kind']; pageId: string },
  choose: () => Promise<Chosen>,
  options: Partial<IntegrationOptions>,
): Promise<integrations.Row> {
  const userId = by.user.id
  const channel = channelOf(kind)
  const chosen = { ...usualOptions, ...options, ...channel.fixedOptions }
  const purposes = channel.purposesOf(chosen)
  const login = await requireFreshLogin(ctx, userId)
  const refuse = refuseGraph(ctx, userId)
  const page = await requirePage(ctx, login, pageId, purposes).catch(refuse)
  // A code or a key is used only for a page that can be connected.
  const { target, use } = await choose()
  const fields = await subscribe(ctx, { nodeId: page.id, token: page.token, kind, options: chosen }).catch(
    refuse,
  )
  const connected = whatOf(page, kind)
  return transaction(ctx.db, async (tx) => {
    await actAs(tx, by)
    await use?.(tx)
    await replaceOthers(ctx, tx, userId, kind, connected.pageId)
    const made = {
      userId,
      kind,
      ...connected,
      facebookUserId: login.facebookUserId,
      pageToken: page.token,
      subscribedFields: fields,
      missingPermissions: missingOf(login.granted, purposes),
    }
    return integrations.add(tx, ctx, made, target, chosen)
  })
}

/** What of the page is connected: itself, or the account that is linked to it, which `requirePage` has seen. */
function whatOf(page: Page, kind: Integration['kind']) {
  const { instagram } = page
  if (kind === 'facebook' || instagram === null)
    return { pageId: page.id, pageName: page.name, linkedPage: null }
  return {
    pageId: instagram.id,
    pageName: `@${instagram.username}`,
    linkedPage: { id: page.id, name: page.name },
  }
}

async function replaceOthers(
  ctx: Context,
  tx: Tx,
  userId: number,
  kind: Integration['kind'],
  pageId: string,
  exceptId?: number,
): Promise<void> {
  const replaced = await integrations.replaceOthers(tx, kind, pageId, exceptId)
  for (const { userId: owner, pageName, email, locale } of replaced) {
    if (owner === userId) continue
    const letter = textsOf(locale).replaced({ kind, page: pageName, site: ctx.config.publicUrl })
    await queueMail(tx, writeMail(email, letter))
  }
}

/** Takes the login that is there: a fresh token of the page, the secret of the account, the subscription. */
export async function reconnect(ctx: Context, by: Actor, id: number): Promise<integrations.Row> {
  const userId = by.user.id
  const row = await integrations.find(ctx.db, userId, id)
  if (row.state === 'replaced') throw refusal('CL-109', say('is-replaced'))
  const login = await requireFreshLogin(ctx, userId)
  const refuse = refuseGraph(ctx, userId)
  const purposes = channelOf(row.kind).purposesOf(optionsOf(row))
  const page = await requirePage(ctx, login, integrations.nodeOf(row), purposes).catch(refuse)
  const connected = whatOf(page, row.kind)
  if (connected.pageId !== row.page_id) throw refusal('CL-105', say('other-account'))
  const target = await fetchTarget(ctx.door, openTarget(ctx, row), row.server_name)
  const about = { nodeId: page.id, token: page.token, kind: row.kind, options: optionsOf(row) }
  const fields = await subscribe(ctx, about).catch(refuse)
  return transaction(ctx.db, async (tx) => {
    await actAs(tx, by)
    await replaceOthers(ctx, tx, userId, row.kind, row.page_id, id)
    await lanes.freeEnds(tx, id)
    return integrations.update(tx, id, {
      page_name: connected.pageName,
      linked_page_name: connected.linkedPage?.name ?? null,
      facebook_user_id: login.facebookUserId,
      page_token_sealed: integrations.sealToken(ctx, id, page.token),
      ...integrations.sealTarget(ctx, id, target),
      ...connectedNow(fields),
      missing_permissions: missingOf(login.granted, purposes),
      token_checked_at: new Date(),
      ...noFault,
    })
  })
}

export interface Changes extends Partial<IntegrationOptions> {
  receiveUrl?: string | undefined
  apiKey?: string | undefined
  paused?: boolean | undefined
  version?: number | undefined
}

export async function change(
  ctx: Context,
  by: Actor,
  id: number,
  { receiveUrl, apiKey, paused, version, ...changed }: Changes,
): Promise<integrations.Row> {
  const userId = by.user.id
  const row = await integrations.find(ctx.db, userId, id)
  const options = { ...changed, ...channelOf(row.kind).fixedOptions }
  if (version !== undefined && version !== row.version) throw new Refusal('GE-104')
  requireLive(row)
  const target = await newTarget(ctx, row, receiveUrl, apiKey)
  const fields = {
    ...integrations.columnsOf(options),
    ...(target && { ...integrations.sealTarget(ctx, id, target), ...noFault }),
    ...(await newSubscription(ctx, userId, row, paused, options)),
  }
  return transaction(ctx.db, async (tx) => {
    await actAs(tx, by)
    if (target) await lanes.freeEnds(tx, id)
    return integrations.update(tx, id, fields)
  })
}

function requireLive({ state }: integrations.Row): void {
  if (state === 'replaced' || state === 'disconnected')
    throw refusal('CL-109', say(state === 'replaced' ? 'is-replaced' : 'is-disconnected'))
}

// Another address with the old key would tell the key to whoever is there.
async function newTarget(
  ctx: Context,
  row: integrations.Row,
  receiveUrl: string | undefined,
  apiKey: string | undefined,
): Promise<Target | undefined> {
  if (receiveUrl === undefined && apiKey === undefined) return undefined
  const before = openTarget(ctx, row)
  if (
    receiveUrl !== undefined &&
    apiKey === undefined &&
    new URL(before.receiveUrl).origin !== originOf(receiveUrl)
  )
    throw new Refusal('GE-101', 'A new Receive URL needs the key of its contact centre.', { field: 'apiKey' })
  return fetchTarget(ctx.door, {
    receiveUrl: receiveUrl ?? before.receiveUrl,
    apiKey: apiKey ?? before.apiKey,
  })
}

const originOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).origin : undefined)

// While it pauses the page stays subscribed: what comes is kept, and goes on when its owner resumes.
async function newSubscription(
  ctx: Context,
  userId: number,
  row: integrations.Row,
  paused: boolean | undefined,
  options: Partial<IntegrationOptions>,
) {
  const { messenger = row.messenger, wallPosts = row.wall_posts } = options
  const chosen = { messenger, wallPosts }
  const fields = fieldsOfRow(row, chosen)
  const isResumed = row.state === 'paused' && paused === false
  const before = fieldsOfRow(row)
  const token = tokenOf(ctx, row)
  // What has to be reconnected is subscribed by that.
  const isDue = isResumed || (row.state !== 'reconnect' && String(before) !== String(fields))
  if (isDue && token !== null)
    await subscribe(ctx, {
      nodeId: integrations.nodeOf(row),
      token,
      kind: row.kind,
      options: chosen,
    }).catch(refuseGraph(ctx, userId))
  const subscribed = isDue ? { subscribed_fields: fields, subscription_checked_at: new Date() } : {}
  if (isResumed) return connectedNow(fields)
  if (paused && row.state !== 'paused')
    return {
      ...subscribed,
      state: 'paused' as const,
      state_reason: say('paused-by-owner'),
      state_since: new Date(),
    }
  return subscribed
}

/** Of what was wrong before nothing is known any more. */
const noFault = { failures_in_row: 0, wrong_secret_since: null }

const connectedNow = (fields: string[]) => ({
  state: 'connected' as const,
  state_reason: null,
  state_since: new Date(),
  subscribed_fields: fields,
  subscription_checked_at: new Date(),
})

export async function unbind(ctx: Context, by: Actor, id: number): Promise<void> {
  const row = await integrations.find(ctx.db, by.user.id, id)
  const token = tokenOf(ctx, row)
  // Of a page that somebody else has now, the subscription is his.
  if (token !== null && row.state !== 'replaced') {
    const nodeId = integrations.nodeOf(row)
    await subscribe(ctx, { nodeId, token, kind: row.kind, options: null }).catch((error: unknown) => {
      if (!(error instanceof GraphError || error instanceof Refusal)) throw error
      ctx.log.info(
        { integrationId: id, reason: error.message },
        'a page could not be unsubscribed; it is deleted all the same',
      )
    })
  }
  await transaction(ctx.db, async (tx) => {
    await actAs(tx, by)
    await integrations.remove(tx, id)
  })
}

/** Before the user is deleted, with whom his integrations go. */
export async function unbindAll(ctx: Context, by: Actor): Promise<void> {
  for (const { id } of await integrations.list(ctx.db, by.user.id)) await unbind(ctx, by, id)
}

export function tokenOf({ sealingKey }: Pick<Context, 'sealingKey'>, row: integrations.Row): string | null {
  return row.page_token_sealed && open(sealingKey, `integration:${row.id}:page_token`, row.page_token_sealed)
}

export function openTarget(
  { sealingKey }: Pick<Context, 'sealingKey'>,
  row: integrations.Row,
): { receiveUrl: string; apiKey: string } {
  const opened = (name: 'receive_url' | 'api_key', sealed: Buffer | null): string =>
    sealed ? open(sealingKey, `integration:${row.id}:${name}`, sealed) : ''
  return {
    receiveUrl: opened('receive_url', row.receive_url_sealed),
    apiKey: opened('api_key', row.api_key_sealed),
  }
}
