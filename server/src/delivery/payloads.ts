/** What events and alarms tell, as it was written when they happened. */
import type { Pool } from '@patchbay/kit/database.ts'

export interface Payload {
  id: number
  accountId: number
  /** JSON: `{type, timestamp, data}`. */
  body: string
}

/** By delivery id. */
export async function payloadsOf(
  pool: Pool,
  deliveryIds: readonly number[],
): Promise<ReadonlyMap<number, Payload>> {
  if (deliveryIds.length === 0) return new Map()
  const { rows } = await pool.query<{ id: number; account_id: number; body: string }>({
    name: 'payloads',
    text: 'select id, account_id, payload::text as body from delivery where id = any($1) and payload is not null',
    values: [deliveryIds],
  })
  return new Map(rows.map(({ id, account_id: accountId, body }) => [id, { id, accountId, body }]))
}
