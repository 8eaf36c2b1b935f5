/** What Facebook tells of a page: the app is subscribed to its fields with the token of the page. */
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import type { ChannelOptions } from '../../channels/channel-kind.ts'
import type { Context } from '../../context.ts'
import { GraphError } from '../../graph/graph-error.ts'
import type * as integrations from '../../integrations/integrations.ts'
import { channelOf } from '../channel-kinds.ts'

type Graph = Context['graph']

/** To which the app is subscribed for it; `change`: what it is about to become. */
export function fieldsOfRow(row: integrations.Row, change: Partial<ChannelOptions> = {}): string[] {
  return channelOf(row.kind).fieldsOf({ ...optionsOf(row), ...change })
}

export function optionsOf({ messenger, wall_posts }: Pick<integrations.Row, 'messenger' | 'wall_posts'>) {
  return { messenger, wallPosts: wall_posts }
}

/** A page, as Meta keeps one subscription for it and for the account that is linked to it. */
export interface Subscribing {
  nodeId: string
  token: string
  kind: Integration['kind']
  /** Null: the integration of this kind ends. */
  options: ChannelOptions | null
}

/** Answers the fields of this kind. Throws a GraphError. */
export async function subscribe(
  { db, graph }: Pick<Context, 'db' | 'graph'>,
  about: Subscribing,
): Promise<string[]> {
  const others = await db
    .selectFrom('integration')
    .select(['kind', 'messenger', 'wall_posts'])
    .where(({ fn }) => fn.coalesce('linked_page_id', 'page_id'), '=', about.nodeId)
    .where('kind', '!=', about.kind)
    .where('state', 'in', ['connected', 'paused', 'reconnect'])
    .execute()
  const { kind, options } = about
  const all = others.map((row) => ({ channel: channelOf(row.kind), options: optionsOf(row) }))
  if (options) all.push({ channel: channelOf(kind), options })
  const wanting = all
    .map(({ channel, options: chosen }) => ({ channel, fields: channel.fieldsOf(chosen) }))
    .filter(({ fields }) => fields.length > 0)
  const fields = [...new Set(wanting.flatMap((one) => one.fields))]
  const extra = wanting.flatMap(({ channel }) => channel.extraFields ?? [])
  if (fields.length === 0)
    await graph.call('DELETE', { path: `${about.nodeId}/subscribed_apps`, token: about.token })
  else await ask(graph, about, fields, extra)
  return options ? channelOf(kind).fieldsOf(options) : []
}

const INVALID_PARAMETER = 100

/** The whole list each time: whether Meta adds to the one before or replaces it is not written down. */
async function ask(
  graph: Graph,
  { nodeId, token }: Pick<Subscribing, 'nodeId' | 'token'>,
  fields: readonly string[],
  extra: readonly string[],
): Promise<void> {
  const params = { subscribed_fields: [...fields, ...extra].join(',') }
  try {
    await graph.call('POST', { path: `${nodeId}/subscribed_apps`, token, params })
  } catch (error) {
    if (!(error instanceof GraphError) || error.code !== INVALID_PARAMETER || extra.length === 0) throw error
    await ask(graph, { nodeId, token }, fields, [])
  }
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
