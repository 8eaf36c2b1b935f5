/** What Facebook tells of a page: the app is subscribed to its fields with the token of the page. */
import type { Context } from '../../context.ts'

const ofMessages = [
  'messages',
  'message_echoes',
  'message_deliveries',
  'message_reads',
  'message_reactions',
  'message_edits',
  'messaging_postbacks',
  'messaging_referrals',
  'messaging_optins',
  'messaging_handovers',
  'standby',
  'messaging_policy_enforcement',
]

export function fieldsOf({ messenger, wallPosts }: { messenger: boolean; wallPosts: boolean }): string[] {
  return [...(messenger ? ofMessages : []), ...(wallPosts ? ['feed'] : [])]
}

type Graph = Context['graph']

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
