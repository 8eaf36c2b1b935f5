/** The relay's own endpoints: codes and servers for its operator; activation, registration and a try from outside for servers. */
import { DoorError } from '@patchbay/kit/door-error.ts'
import type { Door } from '@patchbay/kit/outbound.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Handlers } from '@patchbay/kit/serve.ts'
import type { Reach, RelayApi } from '@patchbay/protocol/relay.ts'
import type { Codes } from './codes.ts'
import type { Doorkeeper } from './doorkeeper.ts'
import type { Links } from './links.ts'
import type { Registry, Server } from './registry.ts'

/** What a call proved: its address and its Authorization header, which each handler weighs. */
export interface Caller {
  authorization: string | undefined
  address: string
}

export interface ApiOptions {
  codes: Codes
  registry: Registry
  links: Links
  doorkeeper: Doorkeeper
  door: Pick<Door, 'request'>
}

const REACH_WITHIN_MS = 8_000

export function apiRoutes(options: ApiOptions): Handlers<RelayApi, Caller> {
  const { codes, registry, links, doorkeeper, door } = options
  const operator = ({ authorization, address }: Caller): void =>
    doorkeeper.requireOperator(authorization, address)
  const server = ({ authorization, address }: Caller): string => doorkeeper.serverOf(authorization, address)

  const shown = ({ id, activatedAt, lastSeenAt, registration }: Server) => ({
    id,
    name: registration.name,
    activatedAt,
    lastSeenAt: links.count(id) > 0 ? new Date().toISOString() : lastSeenAt,
    links: links.count(id),
    accounts: registration.accounts.length,
    keys: registration.keys.length,
  })

  return {
    'POST /api/codes': async ({ caller }) => {
      operator(caller)
      const { code, expiresAt } = codes.make(new Date())
      return { code, expiresAt: expiresAt.toISOString() }
    },
    'GET /api/servers': async ({ caller }) => {
      operator(caller)
      const rows = registry.servers().map(shown)
      return { count: rows.length, rows }
    },
    'DELETE /api/servers/:id': async ({ caller, params }) => {
      operator(caller)
      if (!registry.get(params.id)) throw new Refusal('GE-105')
      await registry.revoke(params.id)
      links.end(params.id)
      return null
    },
    'POST /api/servers': async ({ caller, body }) => {
      doorkeeper.check(caller.address)
      const now = new Date()
      const found = codes.read(body.code, now)
      if (!found || !(await registry.activate(found.serverId, body.name, found.until, now))) {
        doorkeeper.failed(caller.address)
        throw new Refusal('RL-104', undefined, { field: 'code' })
      }
      return { serverId: found.serverId, key: codes.keyOf(found.serverId) }
    },
    'PUT /api/servers/me': async ({ caller, body }) => {
      const refused = await registry.register(server(caller), body)
      return { refused }
    },
    'DELETE /api/servers/me': async ({ caller }) => {
      const serverId = server(caller)
      await registry.revoke(serverId)
      links.end(serverId)
      return null
    },
    'POST /api/servers/me/reach': async ({ caller, body }) => {
      server(caller)
      return reach(door, body.url)
    },
  }
}

async function reach(door: Pick<Door, 'request'>, url: string): Promise<Reach> {
  const startedAt = performance.now()
  const durationMs = (): number => Math.round(performance.now() - startedAt)
  try {
    const health = new URL('/healthz', url).href
    const { status, body } = await door.request({ method: 'GET', url: health, timeoutMs: REACH_WITHIN_MS })
    const isOurs = status === 200 && body.includes('"alive"')
    return {
      ok: isOurs,
      status,
      durationMs: durationMs(),
      diagnosis: isOurs ? 'ok' : 'status',
      detail: isOurs ? 'The server answers.' : `Something else answers there, with ${status}.`,
    }
  } catch (error) {
    const known = error instanceof DoorError ? error : new DoorError('bad-url', 'That is not an address.')
    return {
      ok: false,
      status: known.status ?? null,
      durationMs: durationMs(),
      diagnosis: known.code,
      detail: known.message,
    }
  }
}
