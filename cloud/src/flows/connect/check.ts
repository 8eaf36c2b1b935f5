/** Looks whether an integration still works, changing nothing but the health that is shown. */

import type { CheckResult } from '@patchbay/protocol/api/cloud-integrations.ts'
import type { Purpose } from '../../channels/channel-kind.ts'
import { list, members } from '../../channels/values.ts'
import type { Context } from '../../context.ts'
import { GraphError } from '../../graph/graph-error.ts'
import * as integrations from '../../integrations/integrations.ts'
import { join, say, toSaid } from '../../texts/say.ts'
import { channelOf } from '../channel-kinds.ts'
import { opened } from '../opened.ts'
import { openTarget, tokenOf } from './bind.ts'
import { checkTarget } from './centre.ts'
import { missingOf } from './permissions.ts'
import { fieldsOfRow, optionsOf, readSubscription } from './subscription.ts'

type Check = CheckResult['checks'][number]

interface TokenFacts {
  data?: {
    is_valid?: boolean
    expires_at?: number
    scopes?: string[]
    error?: { message?: string; subcode?: number }
  }
}

export interface TokenHealth {
  isValid: boolean
  expiresAt: Date | null
  missing: string[]
}

/** What Meta says of the token of a page. Throws a GraphError when it says nothing. */
export async function askToken(
  { graph }: Pick<Context, 'graph'>,
  token: string,
  purposes: readonly Purpose[],
): Promise<TokenHealth> {
  const { data } = await graph.get<TokenFacts>('debug_token', graph.appToken(), { input_token: token })
  const seconds = Number(data?.expires_at ?? 0)
  return {
    isValid: data?.is_valid === true,
    expiresAt: seconds > 0 ? new Date(seconds * 1000) : null,
    missing: data?.scopes ? missingOf(data.scopes, purposes) : [],
  }
}

export async function check(ctx: Context, userId: number, id: number): Promise<CheckResult> {
  const row = await integrations.find(ctx.db, userId, id)
  const [ofTarget, ofFacebook] = await Promise.all([
    checkTarget(ctx.door, openTarget(ctx, row), opened(ctx.sealingKey, id, 'secret', row.secret_sealed)),
    checkFacebook(ctx, row),
  ])
  const checks = [...ofTarget, ...ofFacebook]
  return { ok: checks.every(({ ok }) => ok), checks }
}

/** An account can be taken off its page, or changed for another, and Meta tells nothing of it: whoever may see it looks. */
export async function isLinked(
  { graph }: Pick<Context, 'graph'>,
  row: Pick<integrations.Row, 'page_id' | 'linked_page_id'>,
  token: string,
  { missing }: TokenHealth,
): Promise<boolean> {
  if (row.linked_page_id === null || missing.includes('instagram_basic')) return true
  const page = await graph.get<{ instagram_business_account?: { id?: unknown } }>(row.linked_page_id, token, {
    fields: 'instagram_business_account{id}',
  })
  return String(page.instagram_business_account?.id) === row.page_id
}

async function checkFacebook(ctx: Context, row: integrations.Row): Promise<Check[]> {
  const token = tokenOf(ctx, row)
  if (token === null) return [{ name: 'token', ok: false, detail: toSaid(say('token-gone')) }]
  try {
    const health = await askToken(ctx, token, channelOf(row.kind).purposesOf(optionsOf(row)))
    const { isValid } = health
    const fields = isValid ? await readSubscription(ctx.graph, integrations.nodeOf(row), token) : []
    const isStillLinked = !isValid || (await isLinked(ctx, row, token, health))
    const isClosed =
      isValid && row.kind === 'facebook' && row.wall_posts && (await isWallClosed(ctx, row, token))
    await integrations.update(ctx.db, row.id, {
      token_checked_at: new Date(),
      token_expires_at: health.expiresAt,
      missing_permissions: health.missing,
      subscribed_fields: fields,
      subscription_checked_at: new Date(),
    })
    return [ofToken(health), ofPermissions(health), ofSubscription(row, fields, { isStillLinked, isClosed })]
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    return [{ name: 'token', ok: false, detail: toSaid(say('not-asked', { text: error.words })) }]
  }
}

const ofToken = ({ isValid, expiresAt }: TokenHealth): Check => ({
  name: 'token',
  ok: isValid,
  detail: isValid
    ? expiresAt
      ? toSaid(say('token-until', { day: expiresAt.toISOString().slice(0, 10) }))
      : toSaid(say('token-good'))
    : toSaid(say('token-ended')),
})

const ofPermissions = ({ missing }: TokenHealth): Check => ({
  name: 'permissions',
  ok: missing.length === 0,
  detail:
    missing.length === 0
      ? toSaid(say('permissions-good'))
      : toSaid(say('permissions-missing', { names: missing.join(', ') })),
})

/** Of a page whose wall takes no posts of visitors none will come, and nothing else says why. Meta need not tell. */
async function isWallClosed(
  { graph }: Pick<Context, 'graph'>,
  { page_id }: Pick<integrations.Row, 'page_id'>,
  token: string,
): Promise<boolean> {
  const { data } = await graph
    .get<{ data?: unknown }>(`${page_id}/settings`, token)
    .catch((error: unknown): { data?: unknown } => {
      if (error instanceof GraphError) return {}
      throw error
    })
  return list(data)
    .map(members)
    .some(({ setting, value }) => setting === 'USERS_CAN_POST' && String(value) === 'false')
}

function ofSubscription(
  row: integrations.Row,
  fields: readonly string[],
  { isStillLinked, isClosed }: { isStillLinked: boolean; isClosed: boolean },
): Check {
  if (!isStillLinked) return { name: 'subscription', ok: false, detail: toSaid(say('account-unlinked')) }
  const wanted = fieldsOfRow(row)
  const missing = wanted.filter((field) => !fields.includes(field))
  return {
    name: 'subscription',
    ok: missing.length === 0,
    detail:
      missing.length === 0
        ? toSaid(join(say('subscription-good'), ...(isClosed ? [say('wall-closed')] : [])))
        : toSaid(say('subscription-missing', { names: missing.join(', ') })),
  }
}
