/** The second factor, the sessions of a user, and by which ways people may sign in. */
import { type Static, Type } from 'typebox'
import { AsRead, endpoint, Id, IdParams, Instant, Nothing, Nullable } from '../endpoint.ts'
import { PresetName } from './roles.ts'
import { Me } from './session.ts'

const manager = { may: 'people.manage', scopes: ['admin'] } as const
// Whoever names the provider says who everybody is, so no smaller permission will do.
const ruler = { role: 'admin', scopes: ['admin'] } as const
const oneself = { may: null, scopes: [], only: 'session' } as const

/** Six digits, or a recovery code; spaces and dashes do not count. */
const Code = Type.String({ minLength: 1, maxLength: 60 })
const Challenge = Type.String({ minLength: 1, maxLength: 200 })
const CurrentPassword = Type.String({ maxLength: 256 })

export const SecondFactorSetUp = Type.Object({
  secret: Type.String({ description: 'In base32, for authenticators that cannot scan.' }),
  uri: Type.String({ description: 'otpauth://..., to be shown as a QR code.' }),
})
export type SecondFactorSetUp = Static<typeof SecondFactorSetUp>

const RecoveryCodes = Type.Object({
  recoveryCodes: Type.Array(Type.String(), { description: 'Each works once. Shown in this answer only.' }),
})

export const SecondFactor = Type.Object({
  on: Type.Boolean(),
  since: Nullable(Instant),
  recoveryCodesLeft: Type.Integer(),
  required: Type.Boolean({ description: 'It cannot be turned off: the role needs one.' }),
})
export type SecondFactor = Static<typeof SecondFactor>

export const OwnSession = Type.Object({
  id: Id,
  current: Type.Boolean({ description: 'The one through which this is asked.' }),
  via: Type.Union([Type.Literal('password'), Type.Literal('second-factor'), Type.Literal('single-sign-on')]),
  address: Nullable(Type.String()),
  userAgent: Nullable(Type.String()),
  createdAt: Instant,
  lastUsedAt: Instant,
})
export type OwnSession = Static<typeof OwnSession>

const SingleSignOnRules = Type.Object({
  enabled: Type.Boolean(),
  issuer: Type.String({ maxLength: 500, description: 'Whose `/.well-known/openid-configuration` is read.' }),
  clientId: Type.String({ maxLength: 500 }),
  button: Type.String({ maxLength: 60, description: 'On the sign-in page; empty: the usual words.' }),
  domains: Type.Array(Type.String({ minLength: 1, maxLength: 253 }), {
    maxItems: 100,
    description: 'Of the e-mail addresses that may come in; empty: all.',
  }),
  createsUsers: Type.Boolean({ description: 'Who has no user here gets one.' }),
  roleId: Nullable(Id),
  teamIds: Type.Array(Id, { maxItems: 1000 }),
  passwordFor: Type.Union([Type.Literal('everybody'), Type.Literal('admins')], {
    description: '`admins`: all others come through single sign-on alone, as long as it is on.',
  }),
})

export const SingleSignOn = Type.Object({
  ...SingleSignOnRules.properties,
  hasSecret: Type.Boolean(),
  redirectUri: Type.String({ description: 'To be registered at the provider.' }),
})
export type SingleSignOn = Static<typeof SingleSignOn>

export const SignInSettings = Type.Object({
  secondFactorRoleIds: Type.Array(Id, { description: 'Whose users need a second factor beside a password.' }),
  singleSignOn: SingleSignOn,
  roles: Type.Array(Type.Object({ id: Id, name: Type.String(), preset: Nullable(PresetName) }), {
    description: 'All there are.',
  }),
  version: Type.Integer(),
})
export type SignInSettings = Static<typeof SignInSettings>

const SignInSettingsPatch = Type.Object({
  secondFactorRoleIds: Type.Optional(Type.Array(Id, { maxItems: 1000 })),
  singleSignOn: Type.Optional(
    Type.Partial(
      Type.Object({
        ...SingleSignOnRules.properties,
        clientSecret: Type.String({ maxLength: 1000, description: 'Kept sealed, never shown again.' }),
      }),
    ),
  ),
  version: AsRead,
})
export type SignInSettingsPatch = Static<typeof SignInSettingsPatch>

const ProviderTrial = Type.Object({
  ok: Type.Boolean(),
  found: Type.Array(Type.String()),
  wrong: Type.Array(Type.String({ description: 'What to mend, in words.' })),
})
export type ProviderTrial = Static<typeof ProviderTrial>

export const signInApi = {
  'POST /api/session/code': endpoint({
    summary: 'Sign in, second step: the code of the authenticator, or a recovery code',
    description:
      'For the `challenge` that POST /api/session answered with 202. A challenge lives five minutes, takes five codes and opens one session. Each code works once, at every node.',
    tag: 'Session',
    access: 'public',
    body: Type.Object({ challenge: Challenge, code: Code }),
    response: { 200: Me },
    refusals: ['AU-102', 'AU-108', 'AU-109'],
  }),
  'POST /api/session/set-up': endpoint({
    summary: 'Begin to set up the second factor that signing in asks for',
    description: 'For a challenge whose `step` is `set-up`.',
    tag: 'Session',
    access: 'public',
    body: Type.Object({ challenge: Challenge }),
    response: { 200: SecondFactorSetUp },
    refusals: ['AU-109'],
  }),
  'POST /api/session/set-up/confirm': endpoint({
    summary: 'Confirm the second factor by its first code, and sign in',
    tag: 'Session',
    access: 'public',
    body: Type.Object({ challenge: Challenge, code: Code }),
    response: { 200: RecoveryCodes },
    refusals: ['AU-102', 'AU-108', 'AU-109'],
  }),
  'GET /api/me/second-factor': endpoint({
    summary: 'Own second factor',
    tag: 'Session',
    access: oneself,
    response: { 200: SecondFactor },
  }),
  'POST /api/me/second-factor': endpoint({
    summary: 'Begin to set up a second factor',
    description: 'Asked for at sign-in only after it was confirmed by a code.',
    tag: 'Session',
    access: oneself,
    body: Type.Object({ currentPassword: CurrentPassword }),
    response: { 200: SecondFactorSetUp },
    refusals: ['AU-101', 'AU-111'],
  }),
  'POST /api/me/second-factor/confirm': endpoint({
    summary: 'Turn the second factor on by its first code',
    description: 'Ends every other session of the user.',
    tag: 'Session',
    access: oneself,
    body: Type.Object({ code: Code }),
    response: { 200: RecoveryCodes },
    refusals: ['AU-102', 'AU-108', 'AU-111'],
  }),
  'POST /api/me/second-factor/recovery-codes': endpoint({
    summary: 'New recovery codes in place of all earlier ones',
    tag: 'Session',
    access: oneself,
    body: Type.Object({ code: Code }),
    response: { 200: RecoveryCodes },
    refusals: ['AU-102', 'AU-108', 'AU-111'],
  }),
  'POST /api/me/second-factor/off': endpoint({
    summary: 'Turn the second factor off',
    tag: 'Session',
    access: oneself,
    body: Type.Object({ currentPassword: CurrentPassword, code: Code }),
    response: { 200: SecondFactor },
    refusals: ['AU-101', 'AU-102', 'AU-108', 'AU-111', 'AU-112'],
  }),
  'DELETE /api/users/:id/second-factor': endpoint({
    summary: 'Take away the second factor of a user who lost it',
    description: 'Ends all sessions of the user. Where his role needs one, the next sign-in sets up another.',
    tag: 'People',
    access: manager,
    params: IdParams,
    response: { 204: Nothing },
  }),
  'GET /api/me/sessions': endpoint({
    summary: 'Where one is signed in',
    tag: 'Session',
    access: oneself,
    response: { 200: Type.Object({ rows: Type.Array(OwnSession) }) },
  }),
  'DELETE /api/me/sessions/:id': endpoint({
    summary: 'End one of one’s own sessions',
    tag: 'Session',
    access: oneself,
    params: IdParams,
    response: { 204: Nothing },
  }),
  'DELETE /api/me/sessions': endpoint({
    summary: 'End all of one’s own sessions but this one',
    tag: 'Session',
    access: oneself,
    response: { 204: Nothing },
  }),
  'GET /api/sign-in-settings': endpoint({
    summary: 'How people may sign in',
    tag: 'People',
    access: ruler,
    response: { 200: SignInSettings },
  }),
  'PATCH /api/sign-in-settings': endpoint({
    summary: 'Change how people may sign in',
    description:
      'Sessions of users who need a second factor from now on and have none end at once. An admin who makes admins need one must have one himself.',
    tag: 'People',
    access: ruler,
    body: SignInSettingsPatch,
    response: { 200: SignInSettings },
    refusals: ['AU-111', 'GE-104'],
  }),
  'POST /api/sign-in-settings/try': endpoint({
    summary: 'Try an identity provider before it is saved',
    description: 'Reads its metadata and keys through the guarded door, and says what is wrong.',
    tag: 'People',
    access: ruler,
    body: Type.Object({
      issuer: Type.String({ maxLength: 500, pattern: '^https?://' }),
      clientId: Type.String({ maxLength: 500 }),
    }),
    response: { 200: ProviderTrial },
  }),
  'GET /api/sign-in': endpoint({
    summary: 'Which ways of signing in the sign-in page shows',
    tag: 'Session',
    access: 'public',
    response: {
      200: Type.Object({
        singleSignOn: Nullable(Type.Object({ button: Type.String() })),
        passwordFor: SingleSignOnRules.properties.passwordFor,
      }),
    },
  }),
  'GET /api/single-sign-on': endpoint({
    summary: 'Leave for the identity provider',
    description: 'For browsers: redirects. What is refused is told on the sign-in page.',
    tag: 'Session',
    access: 'public',
    query: Type.Object({ next: Type.Optional(Type.String({ maxLength: 2000 })) }),
    response: { 302: Nothing },
    refusals: ['AU-114'],
  }),
  'GET /api/single-sign-on/callback': endpoint({
    summary: 'Come back from the identity provider',
    description: 'The redirect URI to register there. Opens a session and leads to the desk.',
    tag: 'Session',
    access: 'public',
    response: { 302: Nothing },
    refusals: ['AU-114', 'AU-115', 'AU-116', 'AU-117'],
  }),
}
