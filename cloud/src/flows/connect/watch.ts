/** Looks once a day whether the tokens of pages still open what they should, and subscribes again where Meta dropped us. */

import { addChore, type Chores } from '@patchbay/kit/chores.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { sql } from 'kysely'
import type { Context } from '../../context.ts'
import { GraphError } from '../../graph/graph-error.ts'
import * as integrations from '../../integrations/integrations.ts'
import * as logins from '../../integrations/logins.ts'
import { askToReconnect } from '../../integrations/traffic.ts'
import { removeEnded } from '../../pairings/pairings.ts'
import { say } from '../../texts/say.ts'
import { channelOf } from '../channel-kinds.ts'
import { tokenOf } from './bind.ts'
import { askToken, isLinked } from './check.ts'
import { fieldsOfRow, optionsOf, readSubscription, subscribe } from './subscription.ts'

const ATTEMPTS = 5
/** Spread over the hours of the day, so that each is looked at daily and no hour has all of them. */
const DUE_AFTER = sql`interval '20 hours'`

export function connectChores(ctx: Context): Chores {
  return {
    'look-at-pages': {
      every: '7 * * * *',
      run: () => queueDue(ctx),
    },
    'look-at-page': {
      run: (payload, _stopping, { isLast }) => lookAt(ctx, (payload as { id: number }).id, isLast),
    },
    'remove-ended-connecting': {
      every: '23 * * * *',
      async run() {
        await logins.removeEnded(ctx.db)
        await removeEnded(ctx.db)
      },
    },
  }
}

async function queueDue({ db, config }: Context): Promise<void> {
  if (!config.facebook) return
  await transaction(db, async (tx) => {
    const due = await tx
      .selectFrom('integration')
      .select('id')
      .where('state', '=', 'connected')
      .where(({ eb, or }) =>
        or([
          eb('token_checked_at', 'is', null),
          eb('token_checked_at', '<', sql<Date>`now() - ${DUE_AFTER}`),
        ]),
      )
      .execute()
    for (const { id } of due)
      await addChore(
        tx,
        'look-at-page',
        { id },
        { attempts: ATTEMPTS, key: `look-at-page:${id}`, isSecondary: true },
      )
  })
}

async function lookAt(ctx: Context, id: number, isLast: boolean): Promise<void> {
  const row = await ctx.db
    .selectFrom('integration')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'connected')
    .executeTakeFirst()
  const token = row && tokenOf(ctx, row)
  if (!row || !token) return
  try {
    await examine(ctx, row, token)
  } catch (error) {
    if (!(error instanceof GraphError) || (error.retryable && !isLast)) throw error
    if (error.kind === 'token' || error.kind === 'permission')
      await askToReconnect(ctx, row, say('facebook-says', { text: error.words }))
    else
      ctx.log.warn({ integrationId: id, kind: error.kind, code: error.code }, 'a page could not be looked at')
  }
}

async function examine(ctx: Context, row: integrations.Row, token: string): Promise<void> {
  const health = await askToken(ctx, token, channelOf(row.kind).purposesOf(optionsOf(row)))
  const facts = {
    token_checked_at: new Date(),
    token_expires_at: health.expiresAt,
    missing_permissions: health.missing,
  }
  if (!health.isValid) {
    await integrations.update(ctx.db, row.id, facts)
    await askToReconnect(ctx, row, say('token-ended'))
    return
  }
  if (!(await isLinked(ctx, row, token, health))) {
    await integrations.update(ctx.db, row.id, facts)
    await askToReconnect(ctx, row, say('account-unlinked'))
    return
  }
  const wanted = fieldsOfRow(row)
  const has = await readSubscription(ctx.graph, integrations.nodeOf(row), token)
  const isWhole = wanted.every((field) => has.includes(field))
  // After an hour in which we did not answer, Meta unsubscribes the app from the page and says nothing.
  if (!isWhole) {
    ctx.log.warn(
      { integrationId: row.id, pageId: row.page_id },
      'Facebook had dropped the subscription of a page; it is subscribed again',
    )
    const about = { nodeId: integrations.nodeOf(row), token, kind: row.kind, options: optionsOf(row) }
    await subscribe(ctx, about)
  }
  await integrations.update(ctx.db, row.id, {
    ...facts,
    subscribed_fields: wanted,
    subscription_checked_at: new Date(),
  })
}
