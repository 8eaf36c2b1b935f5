/** From a one-time code to a relay of this server: by an admin, or by the environment. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Caller } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import { addRelay, listRelays } from '../../relays/relays.ts'
import type { RelayCalls } from './relay-calls.ts'

/** Answers the new relay's id. Without a code a key that this server has is tried: relays of one operator accept the same. */
export async function activate(
  ctx: Context,
  calls: RelayCalls,
  caller: Caller | null,
  wanted: { url: string; code: string | undefined },
): Promise<number> {
  const url = readOrigin(wanted.url)
  const known = await listRelays(ctx.db, ctx.sealingKey)
  if (known.some((relay) => relay.url === url))
    throw new Refusal('GE-102', 'There is already a relay of this address.', { field: 'url' })
  const found =
    wanted.code === undefined
      ? await withKnownKey(calls, url, known)
      : await calls.activate(url, wanted.code, new URL(ctx.config.publicUrl).host)
  if (!found)
    throw new Refusal('RL-104', 'A code is needed: this relay knows no key of this server.', {
      field: 'code',
    })
  return transaction(ctx.db, (tx) => addRelay(tx, ctx.sealingKey, caller, { url, ...found }))
}

async function withKnownKey(
  calls: RelayCalls,
  url: string,
  known: readonly { serverId: string; key: string }[],
): Promise<{ serverId: string; key: string } | undefined> {
  for (const { serverId, key } of known) if (await calls.accepts(url, key)) return { serverId, key }
  return undefined
}

/** `RELAY_URLS` names the relays, `RELAY_CODE` opens the first; the others of the same operator know the key. */
export async function activateByEnvironment(ctx: Context, calls: RelayCalls): Promise<void> {
  const { relayUrls, relayCode } = ctx.config
  if (relayUrls.length === 0) return
  const known = new Set((await listRelays(ctx.db, ctx.sealingKey)).map(({ url }) => url))
  for (const url of relayUrls) {
    const origin = new URL(url).origin
    if (known.has(origin)) continue
    const code = known.size === 0 ? relayCode?.reveal() : undefined
    try {
      await activate(ctx, calls, null, { url: origin, code })
      known.add(origin)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // Another node may have been quicker; a relay that is away is tried again at the next look.
      ctx.log.warn({ relay: origin, reason: error.detail }, 'this server could not be activated at a relay')
    }
  }
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isOrigin =
    url && /^https?:$/.test(url.protocol) && !url.username && url.pathname === '/' && !url.search
  if (!isOrigin)
    throw new Refusal('GE-101', 'url must be an origin such as https://relay.example.com.', { field: 'url' })
  return url.origin
}
