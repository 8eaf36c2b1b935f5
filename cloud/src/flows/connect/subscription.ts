/** What Facebook tells of a page: the app is subscribed to its fields with the token of the page. */
import type { ChannelOptions } from '../../channels/channel-kind.ts'
import type { Context } from '../../context.ts'
import type * as integrations from '../../integrations/integrations.ts'
import { channelOf } from '../channel-kinds.ts'

type Graph = Context['graph']

/** To which the app is subscribed for it; `change`: what it is about to become. */
export function fieldsOfRow(
  { kind, messenger, wall_posts }: integrations.Row,
  change: Partial<ChannelOptions> = {},
): string[] {
  return channelOf(kind).fieldsOf({
    messenger: change.messenger ?? messenger,
    wallPosts: change.wallPosts ?? wall_posts,
  })
}

/** The whole list each time: whether Meta adds to the one before or replaces it is not written down. */
export async function subscribe(
  graph: Graph,
  pageId: string,
  token: string,
  fields: readonly string[],
): Promise<void> {
  if (fields.length === 0) return unsubscribe(graph, pageId, token)
  const params = { subscribed_fields: fields.join(',') }
  await graph.call('POST', { path: `${pageId}/subscribed_apps`, token, params })
}

export async function unsubscribe(graph: Graph, pageId: string, token: string): Promise<void> {
  await graph.call('DELETE', { path: `${pageId}/subscribed_apps`, token })
}

/** The fields to which this app is subscribed. */
export async function readSubscription(graph: Graph, pageId: string, token: string): Promise<string[]> {
  const rows = await graph.list<{ id: string; subscribed_fields?: string[] }>(
    `${pageId}/subscribed_apps`,
    token,
  )
  const { appId } = graph.app()
  return rows.find(({ id }) => String(id) === appId)?.subscribed_fields ?? []
}
