/** What an integration is to the lanes: whose page, where its contact centre is, and the keys of both, opened. */
import { open, type SealingKey } from '@patchbay/kit/crypto.ts'
import type { Centre } from '../centre/centre.ts'
import type { Context } from '../context.ts'

export interface Bound extends Centre {
  id: number
  pageId: string
  pageName: string
  /** Null: taken back by Facebook. */
  pageToken: string | null
}

export async function loadBound(
  { db, sealingKey }: Pick<Context, 'db' | 'sealingKey'>,
  id: number,
): Promise<Bound | undefined> {
  const row = await db
    .selectFrom('integration')
    .select(['id', 'page_id', 'page_name', 'page_token_sealed', 'receive_url_sealed', 'api_key_sealed'])
    .where('id', '=', id)
    .executeTakeFirst()
  const receiveUrl = row && opened(sealingKey, id, 'receive_url', row.receive_url_sealed)
  if (!row || !receiveUrl) return undefined
  return {
    id,
    pageId: row.page_id,
    pageName: row.page_name,
    pageToken: opened(sealingKey, id, 'page_token', row.page_token_sealed),
    receiveUrl,
    apiKey: opened(sealingKey, id, 'api_key', row.api_key_sealed) ?? '',
  }
}

export function opened(key: SealingKey, id: number, name: string, sealed: Buffer | null): string | null {
  return sealed && open(key, `integration:${id}:${name}`, sealed)
}
