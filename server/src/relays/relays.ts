/** The relays at which this server was activated: one row for each address, its key sealed. */
import { open, type SealingKey, seal } from '@patchbay/kit/crypto.ts'
import { refuseDuplicate } from '@patchbay/kit/duplicate.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { Db, Tx } from '../db.ts'

export interface RelayRow {
  id: number
  url: string
  serverId: string
  key: string
  createdAt: Date
}

const place = (url: string): string => `relay:${url}`

export async function listRelays(db: Db, sealingKey: SealingKey): Promise<RelayRow[]> {
  const rows = await db.selectFrom('relay').selectAll().orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    url: row.url,
    serverId: row.server_id,
    key: open(sealingKey, place(row.url), row.key_sealed),
    createdAt: row.created_at,
  }))
}

/** `caller` is null for what the environment names. Refuses with GE-102 what is known already. */
export async function addRelay(
  tx: Tx,
  sealingKey: SealingKey,
  caller: Caller | null,
  relay: { url: string; serverId: string; key: string },
): Promise<number> {
  const { id } = await tx
    .insertInto('relay')
    .values({
      url: relay.url,
      server_id: relay.serverId,
      key_sealed: seal(sealingKey, place(relay.url), relay.key),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a relay of this address', 'url'))
  const after = { url: relay.url, serverId: relay.serverId }
  await record(tx, caller, { action: 'created', object: 'relay', objectId: id, after })
  return id
}

export async function removeRelay(tx: Tx, caller: Caller, id: number): Promise<void> {
  const row = await tx
    .deleteFrom('relay')
    .where('id', '=', id)
    .returning(['url', 'server_id'])
    .executeTakeFirst()
  if (!row) throw new Refusal('GE-105')
  const before = { url: row.url, serverId: row.server_id }
  await record(tx, caller, { action: 'deleted', object: 'relay', objectId: id, before })
}
