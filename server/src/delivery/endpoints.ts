/** What an account is called at, one endpoint for each purpose; its breaker is kept by the database functions of 0005-endpoints.sql. */
import { sql } from 'kysely'
import type { Tx } from '../db.ts'

interface Addresses {
  reply_url: string
  events_url: string
  alarm_url: string
}

/** In the transaction that changes them. What waits is due again; `ring` deliver afterwards when it answers true. */
export async function readdress(
  tx: Tx,
  accountId: number,
  before: Addresses,
  after: Addresses,
): Promise<boolean> {
  const now = byPurpose(after)
  const purposes = byPurpose(before).flatMap((address, purpose) =>
    address === now[purpose] ? [] : [purpose],
  )
  for (const purpose of purposes)
    await sql`select readdress_endpoint(${accountId}, ${purpose}::smallint)`.execute(tx)
  return purposes.length > 0
}

const byPurpose = ({ reply_url, events_url, alarm_url }: Addresses): string[] => [
  reply_url,
  events_url || reply_url,
  alarm_url,
]
