/** Stores what a webhook body tells, in one transaction: nothing is done with it before it is safe, and nobody waits for that. */
import { transaction } from '@patchbay/kit/database.ts'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import type { ChannelEvent } from '../../channels/channel-event.ts'
import * as copies from '../../files/copies.ts'
import * as traffic from '../../integrations/traffic.ts'
import * as lanes from '../../lanes/lanes.ts'
import type { FlowContext } from '../flow-context.ts'
import { readWebhookBody } from './webhook-body.ts'

interface Wanting {
  id: number
  page_id: string
  messenger: boolean
  wall_posts: boolean
  comment_depth: number
  wall_files: boolean
}

/** Answers how many events are new. */
export async function takeWebhook(ctx: FlowContext, text: string): Promise<number> {
  const { kind, events, ignored } = readWebhookBody(text)
  ctx.events.inc({ outcome: 'ignored' }, ignored)
  if (ignored > 0) ctx.log.debug({ ignored }, 'elements of a webhook body were passed over')
  return kind === undefined ? 0 : storeWanted(ctx, kind, events)
}

/** Those of pages that somebody has connected, as far as he wants them told. */
export async function storeWanted(
  ctx: FlowContext,
  kind: Integration['kind'],
  events: readonly ChannelEvent[],
): Promise<number> {
  const pages = [...new Set(events.map(({ pageId }) => pageId))]
  if (pages.length === 0) return 0
  const rows = await ctx.db
    .selectFrom('integration')
    .select(['id', 'page_id', 'messenger', 'wall_posts', 'comment_depth', 'wall_files'])
    .where('kind', '=', kind)
    .where('state', 'in', ['connected', 'paused', 'reconnect'])
    .where('page_id', 'in', pages)
    .execute()
  const byPage = new Map(rows.map((row) => [row.page_id, row]))
  const wanted = events.flatMap((event) => {
    const integration = byPage.get(event.pageId)
    return integration && isWanted(integration, event)
      ? [{ integrationId: integration.id, event: withFiles(integration, event) }]
      : []
  })
  const count = await store(ctx, wanted)
  ctx.events.inc({ outcome: 'unwanted' }, events.length - wanted.length)
  ctx.events.inc({ outcome: 'known' }, wanted.length - count)
  ctx.events.inc({ outcome: 'new' }, count)
  return count
}

async function store(
  ctx: FlowContext,
  wanted: readonly { integrationId: number; event: ChannelEvent }[],
): Promise<number> {
  if (wanted.length === 0) return 0
  const files = wanted.flatMap(({ integrationId, event }) =>
    'files' in event && event.files.length > 0 && !isOwnEcho(ctx, event)
      ? [{ integrationId, parcelKey: event.key, files: event.files }]
      : [],
  )
  const parcels = wanted.map(({ integrationId, event }) => ({
    integrationId,
    direction: 'in' as const,
    conversation: event.conversation,
    key: event.key,
    content: event,
    happenedAt: new Date(event.at),
  }))
  const count = await transaction(ctx.db, async (trx) => {
    await copies.want(trx, files)
    return lanes.put(trx, parcels)
  })
  await traffic.noteEvents(
    ctx.db,
    [...new Set(wanted.map(({ integrationId }) => integrationId))].sort((a, b) => a - b),
  )
  ctx.ring()
  return count
}

function withFiles({ wall_files }: Wanting, event: ChannelEvent): ChannelEvent {
  if (event.type !== 'message' || event.threadId === undefined || event.files.length === 0) return event
  if (!wall_files) return { ...event, files: [] }
  return event.isWordless ? { ...event, body: '' } : event
}

function isOwnEcho({ appId }: FlowContext, event: ChannelEvent): boolean {
  return event.type === 'echo' && event.appId !== undefined && event.appId === appId
}

function isWanted({ messenger, wall_posts, comment_depth }: Wanting, event: ChannelEvent): boolean {
  if (event.threadId === undefined) return messenger
  if (!wall_posts) return false
  if (event.type !== 'message' || event.answerTo === undefined) return true
  return comment_depth >= (event.answerTo === event.messageId ? 1 : 2)
}
