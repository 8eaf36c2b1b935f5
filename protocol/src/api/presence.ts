/** Pauses by name, the rules of presence, and the presence of others. */
import { type Static, Type } from 'typebox'
import {
  AsRead,
  endpoint,
  Id,
  IdParams,
  Instant,
  ListOf,
  Name,
  Nothing,
  Nullable,
  paging,
} from '../endpoint.ts'
import {
  PauseReason,
  PresenceCause,
  PresenceChoice,
  PresenceName,
  PresenceState,
  RoleName,
} from './session.ts'

const manager = { may: 'queues.manage', scopes: ['admin'] } as const
const reader = { may: ['openchannel', 'queues.manage'], scopes: ['interactions:read', 'admin'] } as const
const supervisor = { may: 'presence.others', scopes: ['interactions:read', 'admin'] } as const

export const Pause = Type.Object({
  id: Id,
  name: Type.String(),
  key: Nullable(
    Type.String({ description: 'Of one made at installation and never renamed: the desk has words for it.' }),
  ),
  minutes: Nullable(Type.Integer({ description: 'How long it usually takes.' })),
  place: Type.Integer({ description: 'Smaller ones come first.' }),
  version: Type.Integer(),
  createdAt: Instant,
})
export type Pause = Static<typeof Pause>

const settings = {
  minutes: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 1440 }))),
  place: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
}

export const PresenceRules = Type.Object({
  pauseNeedsReason: Type.Boolean({ description: 'A pause without a reason is refused.' }),
  missedOffers: Nullable(
    Type.Integer({
      minimum: 1,
      maximum: 20,
      description:
        'After so many missed offers in a row an agent is not answering; null: never. Offers of ring-all queues do not count.',
    }),
  ),
  pausedIsAbsent: Type.Boolean({
    description: 'Customers of agents who are paused or not answering are routed again when they write.',
  }),
  absentMinutes: Nullable(
    Type.Integer({
      minimum: 1,
      maximum: 10_080,
      description:
        'After so many minutes what waits for the answer of an absent agent is routed again; null: when the customer writes again.',
    }),
  ),
  version: Type.Integer(),
})
export type PresenceRules = Static<typeof PresenceRules>

export const AgentPresence = Type.Object({
  id: Id,
  fullname: Type.String(),
  role: RoleName,
  teams: Type.Array(Type.Object({ id: Id, name: Type.String() })),
  isHere: Type.Boolean({
    description: 'Heard of lately. Who is not counts as offline, whatever his state says.',
  }),
  lastHeardAt: Nullable(Instant),
  presence: PresenceState,
})
export type AgentPresence = Static<typeof AgentPresence>

export const PresencePeriod = Type.Object({
  id: Id,
  state: PresenceName,
  reason: Nullable(Type.String()),
  cause: PresenceCause,
  setBy: Nullable(Type.Object({ id: Id, fullname: Type.String() })),
  note: Nullable(Type.String()),
  since: Instant,
  until: Nullable(Instant),
})
export type PresencePeriod = Static<typeof PresencePeriod>

export const presenceApi = {
  'GET /api/openchannel/pauses': endpoint({
    summary: 'Pauses that agents choose from, in their order',
    tag: 'Presence',
    access: reader,
    query: Type.Object(paging),
    response: { 200: ListOf(Pause) },
  }),
  'POST /api/openchannel/pauses': endpoint({
    summary: 'Make a pause',
    tag: 'Presence',
    access: manager,
    body: Type.Object({ name: Name, ...settings }),
    response: { 201: Pause },
    refusals: ['GE-102'],
  }),
  'PATCH /api/openchannel/pauses/:id': endpoint({
    summary: 'Change a pause',
    description: 'Who is in it or was, keeps the words that it had.',
    tag: 'Presence',
    access: manager,
    params: IdParams,
    body: Type.Object({ name: Type.Optional(Name), version: AsRead, ...settings }),
    response: { 200: Pause },
    refusals: ['GE-102', 'GE-104'],
  }),
  'DELETE /api/openchannel/pauses/:id': endpoint({
    summary: 'Delete a pause',
    description: 'Nobody can choose it any more; who is in it or was, keeps its words.',
    tag: 'Presence',
    access: manager,
    params: IdParams,
    response: { 204: Nothing },
  }),
  'GET /api/openchannel/presence-rules': endpoint({
    summary: 'The rules of presence',
    tag: 'Presence',
    access: reader,
    response: { 200: PresenceRules },
  }),
  'PUT /api/openchannel/presence-rules': endpoint({
    summary: 'Change the rules of presence',
    tag: 'Presence',
    access: manager,
    body: Type.Partial(PresenceRules),
    response: { 200: PresenceRules },
    refusals: ['GE-104'],
  }),
  'GET /api/openchannel/agents': endpoint({
    summary: 'Users of the accounts that the caller may see, with their presence',
    tag: 'Presence',
    access: supervisor,
    query: Type.Object({ ...paging, search: Type.Optional(Type.String({ maxLength: 200 })) }),
    response: { 200: ListOf(AgentPresence) },
  }),
  'PUT /api/users/:id/presence': endpoint({
    summary: "Set another agent's presence",
    description:
      'For users of the accounts that the caller may see; only admins set that of an admin. The agent is told at once who it was, and reads `note`.',
    tag: 'Presence',
    access: { may: 'presence.others', scopes: ['admin'] },
    params: IdParams,
    body: Type.Object({
      state: PresenceChoice,
      reason: Type.Optional(Nullable(PauseReason)),
      note: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
    }),
    response: { 200: AgentPresence },
    refusals: ['PR-101'],
  }),
  'GET /api/users/:id/presence/periods': endpoint({
    summary: 'In which states a user was, newest first',
    description: 'All that lasted at some time between `from` and `to`.',
    tag: 'Presence',
    access: supervisor,
    params: IdParams,
    query: Type.Object({ ...paging, from: Type.Optional(Instant), to: Type.Optional(Instant) }),
    response: { 200: ListOf(PresencePeriod) },
  }),
}
