/** Relays of this server, and whether it can be reached from outside. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, IdParams, Instant, ListOf, Nothing, Nullable } from '../endpoint.ts'
import { Reach } from '../relay.ts'

const admin = { may: 'accounts.manage', scopes: ['admin'] } as const

const Url = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'An origin, such as https://relay.example.com.',
})

export const Relay = Type.Object({
  id: Id,
  url: Type.String(),
  serverId: Type.String({ description: 'By which the operator of the relay knows this server.' }),
  /** Of the link of the node that answers. */
  state: Type.Union([Type.Literal('connected'), Type.Literal('connecting'), Type.Literal('refused')]),
  since: Instant,
  error: Nullable(
    Type.String({ description: 'Why it is not connected, or why what leads here could not be registered.' }),
  ),
  refused: Type.Integer({ description: 'Tokens and keys that another server has registered at this relay.' }),
  createdAt: Instant,
})
export type Relay = Static<typeof Relay>

export const Reachability = Type.Object({
  publicUrl: Type.String(),
  /** What each relay, and the cloud, found when they called PUBLIC_URL; empty when there is nobody to ask. */
  fromOutside: Type.Array(Type.Object({ by: Type.String(), reach: Reach })),
  /** What must be open outward: each tried from here. */
  outward: Type.Array(
    Type.Object({
      url: Type.String(),
      what: Type.Union([Type.Literal('relay'), Type.Literal('cloud')]),
      reach: Reach,
    }),
  ),
  /** Addresses from which the cloud calls, for firewalls that keep a list; empty when the cloud names none. */
  cloudAddresses: Type.Array(Type.String()),
})
export type Reachability = Static<typeof Reachability>

export const relaysApi = {
  'GET /api/relays': endpoint({
    summary: 'The relays of this server and how its links to them are',
    tag: 'Relays',
    access: admin,
    response: { 200: ListOf(Relay) },
  }),
  'POST /api/relays': endpoint({
    summary: 'Activate this server at a relay by a one-time code of its operator',
    description:
      'Without `code`, for a further address of an operator who knows this server already: a key that it has is tried.',
    tag: 'Relays',
    access: admin,
    body: Type.Object({ url: Url, code: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })) }),
    response: { 201: Relay },
    refusals: ['GE-102', 'RL-104', 'RL-107'],
  }),
  'DELETE /api/relays/:id': endpoint({
    summary: 'Leave a relay: what is sent there for this server is refused from then on',
    tag: 'Relays',
    access: admin,
    params: IdParams,
    response: { 204: Nothing },
  }),
  'POST /api/reachability': endpoint({
    summary: 'Try whether this server can be reached from outside, and what it needs outward',
    tag: 'Relays',
    access: admin,
    response: { 200: Reachability },
  }),
}
