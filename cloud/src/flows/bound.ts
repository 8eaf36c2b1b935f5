/** What an integration is to the lanes: whose page, where its contact centre is, and the keys of both, opened. */
import type { Centre } from '../centre/centre.ts'
import type { ChannelKind } from '../channels/channel-kind.ts'
import type { Context } from '../context.ts'
import { channelOf } from './channel-kinds.ts'
import { opened } from './opened.ts'
import { renewSecret } from './renew-secret.ts'

export interface Bound extends Centre {
  id: number
  channel: ChannelKind
  pageId: string
  /** Of the page by whose token Meta is asked. */
  nodeId: string
  pageName: string
  /** Of what is written into conversations. */
  language: 'en' | 'it'
  /** Null: taken back by Facebook. */
  pageToken: string | null
  /** The same, as it is kept: another one is another token. */
  tokenSealed: Buffer | null
}

export async function loadBound(
  ctx: Pick<Context, 'db' | 'door' | 'log' | 'sealingKey'>,
  id: number,
): Promise<Bound | undefined> {
  const { db, sealingKey } = ctx
  const row = await db
    .selectFrom('integration')
    .select([
      'id',
      'kind',
      'page_id',
      'linked_page_id',
      'page_name',
      'language',
      'page_token_sealed',
      'receive_url_sealed',
      'api_key_sealed',
      'secret_sealed',
    ])
    .where('id', '=', id)
    .executeTakeFirst()
  const receiveUrl = row && opened(sealingKey, id, 'receive_url', row.receive_url_sealed)
  if (!row || !receiveUrl) return undefined
  return {
    id,
    channel: channelOf(row.kind),
    pageId: row.page_id,
    nodeId: row.linked_page_id ?? row.page_id,
    pageName: row.page_name,
    language: row.language,
    pageToken: opened(sealingKey, id, 'page_token', row.page_token_sealed),
    tokenSealed: row.page_token_sealed,
    receiveUrl,
    apiKey: opened(sealingKey, id, 'api_key', row.api_key_sealed) ?? '',
    secret: opened(sealingKey, id, 'secret', row.secret_sealed),
    renewSecret: (used) => renewSecret(ctx, id, used),
  }
}
