/** Between a server that nobody can connect to and a relay that everybody can: activation, what the server registers, the operator's side. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, Instant, ListOf, Nothing, Nullable } from './endpoint.ts'

/** Where a server opens its link: a WebSocket that carries exchanges (kit/src/exchanges.ts), the relay asking and the server answering. */
export const linkPath = '/api/link'

/** Close codes of the link beyond the standard ones. */
export const linkCodes = { revoked: 4001, silent: 4002 } as const

/** SHA-256 of a token or key, in hexadecimal. */
const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const ServerId = Type.String({ pattern: '^[0-9a-f]{24}$' })

export const Registration = Type.Object({
  name: Type.String({ maxLength: 200, description: 'How the operator recognises the server.' }),
  accounts: Type.Array(
    Type.Object({
      id: Id,
      digests: Type.Array(Digest, { minItems: 1, maxItems: 2, description: 'Two while tokens overlap.' }),
      uid: Type.Optional(
        Type.String({
          pattern: '^[0-9a-f]{64}$',
          description: 'Digest of the account’s uid, by which signed links of its files find the server.',
        }),
      ),
    }),
    { maxItems: 20_000 },
  ),
  keys: Type.Array(Digest, { maxItems: 20_000 }),
})
export type Registration = Static<typeof Registration>

export const RelayedServer = Type.Object({
  id: ServerId,
  name: Type.String(),
  activatedAt: Instant,
  /** How many links are open: one for each of its nodes. */
  links: Type.Integer(),
  lastSeenAt: Nullable(Instant),
  accounts: Type.Integer(),
  keys: Type.Integer(),
})
export type RelayedServer = Static<typeof RelayedServer>

export const Reach = Type.Object({
  ok: Type.Boolean(),
  status: Nullable(Type.Integer()),
  durationMs: Type.Integer(),
  /** `ok`, or a code of the guarded door: `dns`, `connect`, `timeout`, `tls`, `blocked-address`, `reset`, `protocol`, `bad-url`; `status` when something else answers there. */
  diagnosis: Type.String(),
  detail: Type.String(),
})
export type Reach = Static<typeof Reach>

const operator = 'For the operator: `Authorization: Bearer <RELAY_ADMIN_TOKEN>`.'
const server = 'For an activated server: `Authorization: Bearer <its key>`.'

export const relayApi = {
  'POST /api/codes': endpoint({
    summary: 'Make a one-time code by which a server is activated',
    description: `${operator} It works once and for 24 hours.`,
    tag: 'Operator',
    access: 'public',
    response: { 201: Type.Object({ code: Type.String(), expiresAt: Instant }) },
    refusals: ['RL-105'],
  }),
  'GET /api/servers': endpoint({
    summary: 'The servers that were activated here, and whether they are connected',
    description: operator,
    tag: 'Operator',
    access: 'public',
    response: { 200: ListOf(RelayedServer) },
    refusals: ['RL-105'],
  }),
  'DELETE /api/servers/:id': endpoint({
    summary: 'Revoke a server: its links end at once and its key opens none again',
    description: `${operator} With several relays behind one name, at each of them.`,
    tag: 'Operator',
    access: 'public',
    params: Type.Object({ id: ServerId }),
    response: { 204: Nothing },
    refusals: ['RL-105'],
  }),
  'POST /api/servers': endpoint({
    summary: 'Activate a server by its one-time code',
    description: 'The key is shown in this answer only. It is good for every relay of the same operator.',
    tag: 'Server',
    access: 'public',
    body: Type.Object({
      code: Type.String({ minLength: 1, maxLength: 60 }),
      name: Type.String({ maxLength: 200, description: 'How the operator recognises the server.' }),
    }),
    response: { 201: Type.Object({ serverId: ServerId, key: Type.String() }) },
    refusals: ['RL-104', 'AU-102'],
  }),
  'PUT /api/servers/me': endpoint({
    summary:
      'Register the digests of account tokens and API keys that lead to this server, replacing those before',
    description: `${server} A digest belongs to the first server that registered it; \`refused\` counts those that another one has.`,
    tag: 'Server',
    access: 'public',
    body: Registration,
    response: { 200: Type.Object({ refused: Type.Integer() }) },
    refusals: ['RL-105'],
  }),
  'DELETE /api/servers/me': endpoint({
    summary: 'Leave: the key opens nothing any more, and the digests are free',
    description: server,
    tag: 'Server',
    access: 'public',
    response: { 204: Nothing },
    refusals: ['RL-105'],
  }),
  'POST /api/servers/me/reach': endpoint({
    summary: 'Try from here whether the server can be reached at an address',
    description: `${server} Calls \`/healthz\` there, never an address that is private to the relay.`,
    tag: 'Server',
    access: 'public',
    body: Type.Object({ url: Type.String({ minLength: 1, maxLength: 2000 }) }),
    response: { 200: Reach },
    refusals: ['RL-105', 'AU-102'],
  }),
}
export type RelayApi = typeof relayApi
