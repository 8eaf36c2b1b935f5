/** Users, teams and API keys. */
import { type Static, Type } from 'typebox'
import {
  AsRead,
  endpoint,
  Id,
  IdParams,
  Instant,
  ListOf,
  Members,
  Name,
  Nothing,
  Nullable,
  paging,
} from '../endpoint.ts'
import { DeleteQuery, deleteWords, Uses } from '../uses.ts'
import { Email, LocaleName, Password, PresenceName, RoleName } from './session.ts'

const people = { may: 'people.manage', scopes: ['admin'] } as const
const keys = { may: ['keys.own', 'keys.manage'], scopes: ['admin'] } as const

export const User = Type.Object({
  id: Id,
  email: Type.String(),
  name: Type.String(),
  fullname: Type.String(),
  role: RoleName,
  roleId: Id,
  roleName: Type.String(),
  capacity: Type.Integer(),
  disabled: Type.Boolean(),
  invited: Type.Boolean({ description: 'Has no password yet: an invitation is under way.' }),
  secondFactor: Type.Boolean({ description: 'Signs in with a second factor.' }),
  singleSignOn: Type.Boolean({ description: 'Came in through single sign-on, or was linked to it.' }),
  version: Type.Integer(),
  presence: PresenceName,
  teams: Type.Array(Type.Object({ id: Id, name: Type.String() })),
  createdAt: Instant,
})
export type User = Static<typeof User>

export const HandOver = Type.Object(
  {
    queueId: Type.Optional(Id),
    userId: Type.Optional({
      ...Id,
      description: 'A colleague. What he may not answer is routed again by the actions of its account.',
    }),
    reroute: Type.Optional(
      Type.Literal(true, { description: 'The actions of their accounts run again for all.' }),
    ),
    steps: Type.Optional(
      Type.Boolean({
        description: 'With `userId`: steps of flows that ring the one ring the other from now on.',
      }),
    ),
  },
  {
    description:
      'With `disabled: true`, also for somebody who is disabled already: where his open interactions and what waits for him go, in the same transaction. Exactly one of `queueId`, `userId` and `reroute`.',
  },
)
export type HandOver = Static<typeof HandOver>

export const HandedOver = Type.Object({
  interactions: Type.Integer({ description: 'That he had.' }),
  waiting: Type.Integer({ description: 'That waited for him.' }),
  rerouted: Type.Integer({
    description: 'Of both, those for which the actions of their accounts run again.',
  }),
  steps: Type.Integer({ description: 'Flows whose steps ring somebody else now.' }),
})
export type HandedOver = Static<typeof HandedOver>

export const Team = Type.Object({
  id: Id,
  name: Type.String(),
  userIds: Type.Array(Id),
  version: Type.Integer(),
  createdAt: Instant,
})
export type Team = Static<typeof Team>

export const ScopeName = Type.Union([
  Type.Literal('notify'),
  Type.Literal('attachments'),
  Type.Literal('interactions:read'),
  Type.Literal('interactions:write'),
  Type.Literal('contacts'),
  Type.Literal('accounts:secret'),
  Type.Literal('admin'),
])

export const Key = Type.Object({
  id: Id,
  name: Type.String(),
  start: Type.String({ description: 'The prefix and first characters, to recognise the key by.' }),
  last4: Type.String(),
  scopes: Nullable(Type.Array(ScopeName)),
  user: Type.Object({ id: Id, fullname: Type.String() }),
  createdAt: Instant,
  expiresAt: Nullable(Instant),
  lastUsedAt: Nullable(Instant),
  lastUsedIp: Nullable(Type.String()),
})
export type Key = Static<typeof Key>
export const NewKey = Type.Object({
  ...Key.properties,
  key: Type.String({ description: 'The key itself, shown this once.' }),
})

const overlap = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: 604_800,
    default: 86_400,
    description: 'How long the old one still works, in seconds.',
  }),
)

export const peopleApi = {
  'GET /api/users': endpoint({
    summary: 'Users',
    tag: 'People',
    access: { may: null, scopes: ['interactions:read', 'admin'] },
    description: 'Agents see names and presence only: `email` is empty for them.',
    query: Type.Object({ ...paging, search: Type.Optional(Type.String({ maxLength: 200 })) }),
    response: { 200: ListOf(User) },
  }),
  'GET /api/users/:id': endpoint({
    summary: 'A user',
    tag: 'People',
    access: people,
    params: IdParams,
    response: { 200: User },
  }),
  'POST /api/users': endpoint({
    summary: 'Make a user',
    description:
      'Without `password` the user is invited: a mail with a one-time link goes out, in the language `locale`, unless `mail` is false.',
    tag: 'People',
    access: people,
    body: Type.Object({
      email: Email,
      password: Type.Optional(Password),
      mail: Type.Optional(Type.Boolean({ default: true })),
      locale: Type.Optional(LocaleName),
      name: Type.Optional(Name),
      fullname: Type.Optional(Name),
      role: Type.Optional(RoleName),
      roleId: Type.Optional(Id),
      capacity: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    }),
    response: { 201: User },
    refusals: ['GE-102'],
  }),
  'POST /api/users/:id/invitation': endpoint({
    summary: 'Invite a user again',
    description:
      'For users without a password. Sends the mail anew, or with `mail: false` answers the link itself, this once, for an admin to hand over. It works once and for seven days; earlier links are void.',
    tag: 'People',
    access: people,
    params: IdParams,
    body: Type.Object({ mail: Type.Optional(Type.Boolean({ default: true })) }),
    response: { 201: Type.Object({ url: Nullable(Type.String()), expiresAt: Nullable(Instant) }) },
    refusals: ['PE-102'],
  }),
  'PATCH /api/users/:id': endpoint({
    summary: 'Change or disable a user',
    description:
      'A new password or disabling ends all sessions of the user at once. The last admin can be neither disabled nor demoted. Who is disabled can hand over what he has in the same call: `handedOver` tells what became of it.',
    tag: 'People',
    access: people,
    params: IdParams,
    body: Type.Object({
      email: Type.Optional(Email),
      password: Type.Optional(Password),
      name: Type.Optional(Name),
      fullname: Type.Optional(Name),
      role: Type.Optional(RoleName),
      roleId: Type.Optional(Id),
      capacity: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
      disabled: Type.Optional(Type.Boolean()),
      handOver: Type.Optional(HandOver),
      version: AsRead,
    }),
    response: { 200: Type.Object({ ...User.properties, handedOver: Type.Optional(HandedOver) }) },
    refusals: ['GE-102', 'GE-104', 'PE-101', 'IN-102'],
  }),
  'GET /api/teams': endpoint({
    summary: 'Teams',
    tag: 'People',
    access: { may: null, scopes: ['interactions:read', 'admin'] },
    query: Type.Object(paging),
    response: { 200: ListOf(Team) },
  }),
  'GET /api/teams/:id/uses': endpoint({
    summary: 'What a team is used for: accounts, queues, what waits for it',
    tag: 'People',
    access: people,
    params: IdParams,
    response: { 200: Uses },
  }),
  'GET /api/users/:id/uses': endpoint({
    summary:
      'What a user is used for: steps of flows that ring him, what waits for him, what he has, his queues, teams and accounts',
    tag: 'People',
    access: people,
    params: IdParams,
    response: { 200: Uses },
  }),
  'POST /api/teams': endpoint({
    summary: 'Make a team',
    tag: 'People',
    access: people,
    body: Type.Object({ name: Name }),
    response: { 201: Team },
  }),
  'PATCH /api/teams/:id': endpoint({
    summary: 'Rename a team',
    tag: 'People',
    access: people,
    params: IdParams,
    body: Type.Object({ name: Name, version: AsRead }),
    response: { 200: Team },
    refusals: ['GE-102', 'GE-104'],
  }),
  'DELETE /api/teams/:id': endpoint({
    summary: 'Delete a team, or put another in its place',
    description: `${deleteWords} Its members join the other one.`,
    tag: 'People',
    access: people,
    params: IdParams,
    query: DeleteQuery,
    response: { 204: Nothing },
    refusals: ['GE-103'],
  }),
  'PUT /api/teams/:id/users': endpoint({
    summary: 'Replace the members of a team',
    tag: 'People',
    access: people,
    params: IdParams,
    body: Members,
    response: { 200: Team },
    refusals: ['GE-104'],
  }),
  'GET /api/keys': endpoint({
    summary: 'API keys: an admin sees all, others their own',
    tag: 'People',
    access: keys,
    query: Type.Object(paging),
    response: { 200: ListOf(Key) },
  }),
  'POST /api/keys': endpoint({
    summary: 'Make an API key',
    description:
      'The key is shown in this answer only. Without `scopes` it has all rights of its user. A scoped key cannot make a wider one.',
    tag: 'People',
    access: { may: 'keys.own', scopes: ['admin'] },
    body: Type.Object({
      name: Name,
      scopes: Type.Optional(Nullable(Type.Array(ScopeName, { minItems: 1, uniqueItems: true }))),
      expiresAt: Type.Optional(Nullable(Instant)),
    }),
    response: { 201: NewKey },
  }),
  'POST /api/keys/:id/rotate': endpoint({
    summary: 'Make a successor of a key; the old one lives on for the overlap',
    tag: 'People',
    access: keys,
    params: IdParams,
    body: Type.Object({ overlapSeconds: overlap }),
    response: { 201: NewKey },
  }),
  'DELETE /api/keys/:id': endpoint({
    summary: 'Revoke a key at once',
    tag: 'People',
    access: keys,
    params: IdParams,
    response: { 204: Nothing },
  }),
}
