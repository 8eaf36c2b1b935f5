/** Signing in and out, the first admin, and what a person sets for himself. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, Instant, Name, Nothing, Nullable } from '../endpoint.ts'
import { type Permission, permissions } from '../permissions.ts'

export const RoleName = Type.Union([Type.Literal('admin'), Type.Literal('supervisor'), Type.Literal('agent')])
/** `admin` and `supervisor` are the roles of these names; every other role is told as `agent`. */
export const PermissionName = Type.Unsafe<Permission>(
  Type.Union(permissions.map((name) => Type.Literal(name))),
)
export const Email = Type.String({ minLength: 3, maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$' })
export const Password = Type.String({ minLength: 12, maxLength: 256 })
export const LocaleName = Type.Union([Type.Literal('en'), Type.Literal('it')])
/** What one sets oneself. */
export const PresenceChoice = Type.Union([
  Type.Literal('available'),
  Type.Literal('paused'),
  Type.Literal('offline'),
])
export const PresenceName = Type.Union([
  Type.Literal('available'),
  Type.Literal('paused'),
  Type.Literal('offline'),
  Type.Literal('wrap-up'),
  Type.Literal('not-answering'),
])
export const PresenceCause = Type.Union(
  [
    Type.Literal('never'),
    Type.Literal('self'),
    Type.Literal('supervisor'),
    Type.Literal('missed'),
    Type.Literal('wrap-up'),
    Type.Literal('silent'),
    Type.Literal('signed-out'),
  ],
  {
    description:
      'How the state came about: nobody has set it yet, the agent himself, a supervisor, missed offers, the end of an interaction or of the time after it, a minute of silence, signing out.',
  },
)
export const PauseReason = Type.String({
  maxLength: 100,
  description: 'The key of a pause, its name, or words of your own.',
})

export const PresenceState = Type.Object({
  state: PresenceName,
  reason: Nullable(Type.String({ description: 'Of a pause: the key of one of the list, or words.' })),
  since: Instant,
  until: Nullable(Instant),
  cause: PresenceCause,
  /** The supervisor who set it, and his words. */
  setBy: Nullable(Type.Object({ id: Id, fullname: Type.String() })),
  note: Nullable(Type.String()),
  /** Interactions assigned to the user now, and how many he takes at once. */
  slotsUsed: Type.Integer(),
  capacity: Type.Integer(),
})
export type PresenceState = Static<typeof PresenceState>

export const Me = Type.Object({
  id: Id,
  email: Type.String(),
  name: Type.String(),
  fullname: Type.String(),
  role: RoleName,
  permissions: Type.Array(PermissionName, { description: 'What the role of the user allows.' }),
  viewer: Nullable(
    Type.Object({ id: Id, fullname: Type.String() }, { description: 'Who looks at the desk as this user.' }),
  ),
  locale: LocaleName,
  presence: PresenceState,
  warnings: Type.Array(
    Type.String({ description: 'Codes of what an admin should know, such as `insecure-cookie`.' }),
  ),
})
export type Me = Static<typeof Me>

export const CodeWanted = Type.Object({
  challenge: Type.String({
    description: 'For the second step; it lives five minutes and opens one session.',
  }),
  step: Type.Union([Type.Literal('code'), Type.Literal('set-up')], {
    description: '`set-up`: the role needs a second factor, and the user has none yet.',
  }),
  expiresAt: Instant,
})
export type CodeWanted = Static<typeof CodeWanted>

const LinkCode = Type.String({ minLength: 1, maxLength: 200 })

export const sessionApi = {
  'POST /api/session': endpoint({
    summary: 'Sign in',
    description:
      'Sets the session cookie. Equal answers and times for unknown users; failures are throttled. 202 without a cookie where a second factor is wanted: go on with POST /api/session/code, or with POST /api/session/set-up as `step` says.',
    tag: 'Session',
    access: 'public',
    body: Type.Object({ email: Type.String({ maxLength: 254 }), password: Type.String({ maxLength: 256 }) }),
    response: { 200: Me, 202: CodeWanted },
    refusals: ['AU-101', 'AU-102', 'AU-113'],
  }),
  'DELETE /api/session': endpoint({
    summary: 'Sign out',
    tag: 'Session',
    access: 'public',
    response: { 204: Nothing },
  }),
  'POST /api/password-resets': endpoint({
    summary: 'Ask for a new password by mail',
    description:
      'Answers the same, in the same time, whether or not anybody has this address. The mail holds a link that works once, within an hour; a later one voids it. Throttled per address asked for, per caller and in all.',
    tag: 'Session',
    access: 'public',
    body: Type.Object({ email: Email }),
    response: { 202: Type.Object({}) },
    refusals: ['AU-102'],
  }),
  'POST /api/password-links/check': endpoint({
    summary: 'Whom a one-time link is for, without using it up',
    tag: 'Session',
    access: 'public',
    body: Type.Object({ code: LinkCode }),
    response: {
      200: Type.Object({
        kind: Type.Union([Type.Literal('invitation'), Type.Literal('reset')]),
        email: Type.String(),
        fullname: Type.String(),
      }),
    },
    refusals: ['AU-107'],
  }),
  'POST /api/password-links': endpoint({
    summary: 'Set a password by a one-time link, and sign in',
    description:
      'Uses the link up and ends all sessions that the user had. 202 where a second factor is wanted, as for POST /api/session.',
    tag: 'Session',
    access: 'public',
    body: Type.Object({ code: LinkCode, password: Password }),
    response: { 200: Me, 202: CodeWanted },
    refusals: ['AU-107'],
  }),
  'GET /api/setup': endpoint({
    summary: 'Whether the first admin can still be made with this code',
    tag: 'Session',
    access: 'public',
    query: Type.Object({ code: Type.String({ maxLength: 200 }) }),
    response: { 200: Type.Object({ open: Type.Boolean() }) },
  }),
  'POST /api/setup': endpoint({
    summary: 'Make the first admin with the one-time code printed at start',
    tag: 'Session',
    access: 'public',
    body: Type.Object({
      code: Type.String({ maxLength: 200 }),
      email: Email,
      password: Password,
      name: Type.Optional(Name),
      fullname: Type.Optional(Name),
    }),
    response: { 201: Me },
    refusals: ['AU-103'],
  }),
  'GET /api/me': endpoint({
    summary: 'The signed-in user',
    tag: 'Session',
    access: { may: null, scopes: ['interactions:read'] },
    response: { 200: Me },
  }),
  'PATCH /api/me': endpoint({
    summary: 'Change own name, language or password',
    description: 'A new password needs the current one and ends every other session.',
    tag: 'Session',
    access: { may: null, scopes: [], only: 'session' },
    body: Type.Object({
      fullname: Type.Optional(Name),
      locale: Type.Optional(LocaleName),
      password: Type.Optional(Password),
      currentPassword: Type.Optional(Type.String({ maxLength: 256 })),
    }),
    response: { 200: Me },
    refusals: ['AU-101'],
  }),
  'PUT /api/me/presence': endpoint({
    summary: 'Set own presence',
    description:
      'Offers come while the state is `available` and the caller is heard of: the desk by its socket, a program (key or Basic) by any call within 15 seconds. `until` is when a wrap-up ends or a pause is meant to.',
    tag: 'Session',
    access: { may: 'openchannel.answer', scopes: ['interactions:write'] },
    body: Type.Object({
      state: PresenceChoice,
      reason: Type.Optional(Nullable(PauseReason)),
    }),
    response: { 200: PresenceState },
    refusals: ['PR-101'],
  }),
}
