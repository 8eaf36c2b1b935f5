/** After an outage: reads what Meta tried in vain to tell, and stores it as if it had been told. What was told already is known by its key. */
import type { Missed } from '../../channels/missed.ts'
import * as marks from '../../conversations/catch-up-marks.ts'
import { GraphError } from '../../graph/graph-error.ts'
import * as traffic from '../../integrations/traffic.ts'
import { join } from '../../texts/say.ts'
import { type Bound, loadBound } from '../bound.ts'
import { askToken } from '../connect/check.ts'
import type { FlowContext } from '../flow-context.ts'
import { storeWanted } from '../webhook/take-webhook.ts'
import { isTold, toldInPublic } from './told.ts'

const EVERY_HOURS = 6
/** What was under way at the time of the mark. */
const OVERLAP_MS = 10 * 60_000

export async function catchUp(ctx: FlowContext, startedAt: Date): Promise<void> {
  for (const { integrationId, since } of await marks.findBehind(ctx.db, startedAt, EVERY_HOURS)) {
    const now = new Date()
    const bound = await loadBound(ctx, integrationId)
    if (!bound?.pageToken) continue
    try {
      const { events, gaps } = await readPage(
        ctx,
        { ...bound, pageToken: bound.pageToken },
        new Date(since.getTime() - OVERLAP_MS),
      )
      const count = await storeWanted(ctx, bound.channel.kind, events)
      if (count > 0)
        ctx.log.info(
          { integration: integrationId, count },
          'events that no webhook had brought were caught up on',
        )
      if (gaps.length > 0) {
        ctx.log.warn({ integration: integrationId, gaps }, 'not everything that was missed could be read')
        await traffic.noteGap(ctx.db, integrationId, join(...gaps))
      }
      await marks.noteCaughtUp(ctx.db, integrationId, now)
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      ctx.log.warn(
        { integration: integrationId, reason: error.message },
        'a page could not be read for what was missed; it is tried again',
      )
    }
  }
}

async function readPage(
  ctx: FlowContext,
  bound: Bound & { pageToken: string },
  since: Date,
): Promise<Missed> {
  const { db, graph } = ctx
  const wants = await db
    .selectFrom('integration')
    .select(['messenger', 'wall_posts as wallPosts'])
    .where('id', '=', bound.id)
    .executeTakeFirst()
  if (!wants) return { events: [], gaps: [] }
  const { channel, pageId, nodeId, pageToken: token } = bound
  const asking = {
    graph,
    pageId,
    nodeId,
    token,
    since,
    isTold: (key: string) => isTold(db, bound.id, key),
    toldInPublic: (most: number) => toldInPublic(db, bound.id, most),
    async maySee() {
      const { isValid, missing } = await askToken(ctx, token, channel.purposesOf(wants))
      return isValid && missing.length === 0
    },
  }
  return channel.readMissed(asking, wants)
}
