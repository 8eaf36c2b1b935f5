/** An account that got a new secret takes nothing that is signed with the old one: it is asked for by the key, once it says so. */
import { DoorError } from '@patchbay/kit/door-error.ts'
import { askSecret, readSecret } from '../centre/secret.ts'
import type { Context } from '../context.ts'
import * as integrations from '../integrations/integrations.ts'
import { readReceiveUrl } from '../integrations/target.ts'
import { opened } from './opened.ts'

/** Undefined where there is no other than the one that was used. */
export async function renewSecret(
  ctx: Pick<Context, 'db' | 'door' | 'log' | 'sealingKey'>,
  id: number,
  used: string | null,
): Promise<string | undefined> {
  const { db, door, log, sealingKey } = ctx
  const row = await db.selectFrom('integration').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const kept = opened(sealingKey, id, 'secret', row.secret_sealed)
  // Another lane was first.
  if (kept !== null && kept !== used) return kept
  const receiveUrl = opened(sealingKey, id, 'receive_url', row.receive_url_sealed)
  const apiKey = opened(sealingKey, id, 'api_key', row.api_key_sealed)
  if (!receiveUrl || !apiKey) return undefined
  const { origin, accountId } = readReceiveUrl(receiveUrl)
  try {
    const found = readSecret(await askSecret(door, { origin, accountId, apiKey }))
    if (!found || found.secret === used) return undefined
    const target = { ...found, receiveUrl, apiKey, accountId, serverName: row.server_name }
    await integrations.update(db, id, integrations.sealTarget(ctx, id, target))
    log.info({ integration: id }, 'the account of an integration has a new secret, and it is used')
    return found.secret
  } catch (error) {
    if (!(error instanceof DoorError)) throw error
    return undefined
  }
}
