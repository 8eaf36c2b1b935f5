/** Routes of relays and of the look whether this server can be reached. */
import { transaction } from '@patchbay/kit/database.ts'
import { DoorError } from '@patchbay/kit/door-error.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Reachability, Relay, relaysApi } from '@patchbay/protocol/api/relays.ts'
import type { Reach } from '@patchbay/protocol/relay.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import { listRelays, type RelayRow, removeRelay } from '../../relays/relays.ts'
import { activate } from './activate.ts'
import type { Links } from './links.ts'
import { createRelayCalls, type RelayCalls } from './relay-calls.ts'

const OUTWARD_WITHIN_MS = 8_000

export function relayRoutes(
  ctx: Context,
  links: Pick<Links, 'refresh' | 'stateOf'>,
): Handlers<typeof relaysApi> {
  const calls = createRelayCalls(ctx.door)
  const shown = ({ id, url, serverId, createdAt }: RelayRow): Relay => {
    const { state, since, error, refused } = links.stateOf(id)
    return {
      id,
      url,
      serverId,
      state,
      since: since.toISOString(),
      error,
      refused,
      createdAt: createdAt.toISOString(),
    }
  }
  const rows = () => listRelays(ctx.db, ctx.sealingKey)

  return {
    'GET /api/relays': async () => {
      const relays = await rows()
      return { count: relays.length, rows: relays.map(shown) }
    },
    'POST /api/relays': async ({ caller, body }) => {
      const id = await activate(ctx, calls, caller, { url: body.url, code: body.code })
      ctx.push.ring({ changed: 'relays' })
      await links.refresh()
      const row = (await rows()).find((relay) => relay.id === id)
      if (!row) throw new Refusal('GE-105')
      return shown(row)
    },
    'DELETE /api/relays/:id': async ({ caller, params }) => {
      const all = await rows()
      const row = all.find(({ id }) => id === params.id)
      if (!row) throw new Refusal('GE-105')
      await transaction(ctx.db, (tx) => removeRelay(tx, caller, params.id))
      ctx.push.ring({ changed: 'relays' })
      const staysElsewhere = all.some(({ id, serverId }) => id !== row.id && serverId === row.serverId)
      await calls.leave(row.url, row.key, staysElsewhere)
      await links.refresh()
      return null
    },
    'POST /api/reachability': () => reachability(ctx, calls),
  }
}

async function reachability(ctx: Context, calls: RelayCalls): Promise<Reachability> {
  const { publicUrl, cloudUrl } = ctx.config
  const relays = await listRelays(ctx.db, ctx.sealingKey)
  const [fromOutside, outward] = await Promise.all([
    Promise.all(
      relays.map(async ({ url, key }) => ({ by: url, reach: await asked(calls, url, key, publicUrl) })),
    ),
    Promise.all([
      ...relays.map(async ({ url }) => ({ url, what: 'relay' as const, reach: await tried(ctx, url) })),
      ...(cloudUrl
        ? [tried(ctx, cloudUrl).then((reach) => ({ url: cloudUrl, what: 'cloud' as const, reach }))]
        : []),
    ]),
  ])
  return { publicUrl, fromOutside, outward, cloudAddresses: await cloudAddresses(ctx) }
}

async function asked(calls: RelayCalls, url: string, key: string, publicUrl: string): Promise<Reach> {
  const startedAt = performance.now()
  try {
    return await calls.reach(url, key, publicUrl)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return {
      ok: false,
      status: null,
      durationMs: Math.round(performance.now() - startedAt),
      diagnosis: 'relay',
      detail: error.detail,
    }
  }
}

async function tried(ctx: Context, url: string): Promise<Reach> {
  const startedAt = performance.now()
  const durationMs = (): number => Math.round(performance.now() - startedAt)
  try {
    const { status } = await ctx.door.request({
      method: 'GET',
      url: `${url}/healthz`,
      timeoutMs: OUTWARD_WITHIN_MS,
    })
    const ok = status === 200
    const detail = ok ? 'It answers.' : `It answered ${status}.`
    return { ok, status, durationMs: durationMs(), diagnosis: ok ? 'ok' : 'status', detail }
  } catch (error) {
    if (!(error instanceof DoorError)) throw error
    return { ok: false, status: null, durationMs: durationMs(), diagnosis: error.code, detail: error.message }
  }
}

/** The cloud names the addresses from which it calls, for those who keep a list of who may come in. */
async function cloudAddresses({ config, door }: Context): Promise<string[]> {
  if (!config.cloudUrl) return []
  try {
    const { status, body } = await door.request({ method: 'GET', url: `${config.cloudUrl}/api/egress` })
    const addresses =
      status === 200 ? (JSON.parse(body.toString('utf8')) as { addresses?: unknown }).addresses : []
    return Array.isArray(addresses) ? addresses.filter((one) => typeof one === 'string').slice(0, 100) : []
  } catch {
    return []
  }
}
