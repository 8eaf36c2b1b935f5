/** Pages and integrations of the cloud: what can be connected, what is, and how it fares. */

import { type Static, Type } from 'typebox'
import { CloudSaid } from '../cloud-said.ts'
import { endpoint, Id, IdParams, Instant, ListOf, Nothing, Nullable } from '../endpoint.ts'
import { signedIn } from './cloud-people.ts'
import { LocaleName } from './session.ts'

const PageId = Type.String({ pattern: '^\\d{1,30}$', description: 'As Facebook names the page.' })
const Permission = Type.String({ description: 'As Meta names it: `pages_messaging`.' })

export const FacebookStatus = Type.Object({
  isSetUp: Type.Boolean({ description: 'Whether the operator has given this cloud an app at Meta.' }),
  login: Nullable(
    Type.Object({
      name: Type.String({ description: 'Of the person at Facebook.' }),
      granted: Type.Array(Permission),
      missing: Type.Array(Permission, { description: 'Asked for, and not granted.' }),
      expiresAt: Nullable(Instant),
    }),
  ),
  permissions: Type.Array(
    Type.Object({
      name: Permission,
      for: Type.Union([Type.Literal('messages'), Type.Literal('wall'), Type.Literal('instagram')]),
      why: Type.String({ description: 'In plain words, for showing before the dialog.' }),
    }),
  ),
  replyUrl: Type.String({ description: 'To be set as the Reply URL of every account that gets a page.' }),
  egressIps: Type.Array(Type.String(), { description: 'From where contact centres are called.' }),
})
export type FacebookStatus = Static<typeof FacebookStatus>

const Connected = Nullable(
  Type.Object({
    by: Type.Union([Type.Literal('you'), Type.Literal('somebody')]),
    integrationId: Nullable(Id),
    warning: Type.String({ description: 'What connecting it again does.' }),
  }),
)

export const FacebookPage = Type.Object({
  id: PageId,
  name: Type.String(),
  category: Nullable(Type.String()),
  tasks: Type.Array(Type.String(), {
    description: 'What the person may do on the page: MANAGE, MESSAGING, ...',
  }),
  isAdmin: Type.Boolean(),
  usable: Type.Boolean(),
  reason: Nullable(CloudSaid),
  canMessenger: Type.Boolean(),
  canWall: Type.Boolean(),
  connected: Connected,
  instagram: Type.Object({
    account: Nullable(
      Type.Object({ id: PageId, username: Type.String() }, { description: 'That is linked to the page.' }),
    ),
    usable: Type.Boolean(),
    reason: Nullable(CloudSaid),
    connected: Connected,
  }),
})
export type FacebookPage = Static<typeof FacebookPage>

const options = {
  messenger: Type.Boolean({ description: 'Messages of Messenger, in and out.' }),
  wallPosts: Type.Boolean({ description: 'Posts of visitors and comments, in; comments, out.' }),
  commentDepth: Type.Integer({
    minimum: 0,
    maximum: 2,
    description: 'Of the wall: 0 posts alone, 1 and comments on them, 2 and answers to comments.',
  }),
  wallFiles: Type.Boolean({ description: 'Whether files on the wall are fetched.' }),
  language: LocaleName,
}
export const IntegrationOptions = Type.Object(options)
export type IntegrationOptions = Static<typeof IntegrationOptions>

export const IntegrationState = Type.Union(
  [
    Type.Literal('connected'),
    Type.Literal('paused'),
    Type.Literal('reconnect'),
    Type.Literal('replaced'),
    Type.Literal('disconnected'),
  ],
  {
    description:
      '`reconnect`: a token, a permission or a secret no longer works, as `stateReason` says. `replaced`: the page was connected again elsewhere. `disconnected`: Facebook took the permission back.',
  },
)

export const IntegrationTarget = Type.Object({
  receiveUrl: Type.String({ description: 'Without the token.' }),
  host: Type.String(),
  accountId: Id,
  serverName: Nullable(Type.String({ description: 'Of a contact centre that was paired by a code.' })),
})

const Kind = Type.Union([Type.Literal('facebook'), Type.Literal('instagram')], {
  description: '`facebook`: Messenger and the wall of a page. `instagram`: direct messages of an account.',
})

export const Integration = Type.Object({
  id: Id,
  kind: Kind,
  page: Type.Object(
    { id: PageId, name: Type.String() },
    { description: 'What is connected: a page, or an Instagram account.' },
  ),
  linkedPage: Nullable(
    Type.Object(
      { id: PageId, name: Type.String() },
      { description: 'Of an Instagram account: the page through which it is reached.' },
    ),
  ),
  target: IntegrationTarget,
  ...options,
  state: IntegrationState,
  stateReason: Nullable(CloudSaid),
  stateSince: Instant,
  health: Type.Object({
    tokenExpiresAt: Nullable(Instant),
    tokenCheckedAt: Nullable(Instant),
    missingPermissions: Type.Array(Permission),
    subscribedFields: Type.Array(Type.String()),
    subscriptionCheckedAt: Nullable(Instant),
    lastEventAt: Nullable(Instant),
    lastForwardedAt: Nullable(Instant),
    lastReplyAt: Nullable(Instant),
    lastFailureAt: Nullable(Instant),
    lastFailure: Nullable(CloudSaid),
    failuresInRow: Type.Integer({ description: 'Of messages on their way to the contact centre.' }),
    wrongSecretSince: Type.Union([Instant, Type.Null()], {
      description: 'Since when answers come signed with another secret than the one known here.',
    }),
  }),
  version: Type.Integer(),
  createdAt: Instant,
})
export type Integration = Static<typeof Integration>

export const CheckResult = Type.Object({
  ok: Type.Boolean(),
  checks: Type.Array(
    Type.Object({
      name: Type.Union([
        Type.Literal('receive-url'),
        Type.Literal('api-key'),
        Type.Literal('token'),
        Type.Literal('permissions'),
        Type.Literal('subscription'),
      ]),
      ok: Type.Boolean(),
      detail: CloudSaid,
    }),
  ),
})
export type CheckResult = Static<typeof CheckResult>

const ReceiveUrl = Type.String({ minLength: 1, maxLength: 2000 })
const ApiKey = Type.String({ minLength: 1, maxLength: 200, pattern: '^\\S+$' })
const PairingCode = Type.String({
  minLength: 8,
  maxLength: 20,
  description: '8 characters; spaces, hyphens and case do not matter.',
})
const some = Type.Partial(IntegrationOptions).properties

export const cloudIntegrationsApi = {
  'GET /connect/facebook': endpoint({
    summary: 'Leave for the login dialog of Facebook',
    description:
      'For a browser, by a link. `again=true` asks once more for permissions that were declined before.',
    tag: 'Facebook',
    access: signedIn,
    query: Type.Object({ again: Type.Optional(Type.Boolean()) }),
    response: { 302: Nothing },
    refusals: ['CL-101'],
  }),
  'GET /connect/facebook/callback': endpoint({
    summary: 'Come back from the login dialog',
    description:
      'Facebook leads the browser here, and it is led on to `/connect?outcome=...`: `done`; `cancelled`; `declined`, with `missing=` and the permissions without which nothing works; `stale`, when the way back was used before, belongs to another session or took longer than a quarter of an hour; `failed`, with `code=` of a refusal.',
    tag: 'Facebook',
    access: 'public',
    query: Type.Object({
      code: Type.Optional(Type.String({ maxLength: 4000 })),
      state: Type.Optional(Type.String({ maxLength: 200 })),
      error: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    response: { 302: Nothing },
  }),
  'GET /api/facebook': endpoint({
    summary: 'Whether Facebook can be used here, and who is logged in there',
    tag: 'Facebook',
    access: signedIn,
    response: { 200: FacebookStatus },
  }),
  'DELETE /api/facebook': endpoint({
    summary: 'Forget the login at Facebook (“Not you?”); integrations go on',
    tag: 'Facebook',
    access: signedIn,
    response: { 204: Nothing },
  }),
  'GET /api/pages': endpoint({
    summary:
      'The pages of whoever logged in at Facebook, also those that cannot be connected, with the reason',
    tag: 'Facebook',
    access: signedIn,
    response: { 200: ListOf(FacebookPage) },
    refusals: ['CL-101', 'CL-103', 'CL-104'],
  }),
  'POST /api/targets/check': endpoint({
    summary: 'Try a Receive URL and a key, without changing anything',
    tag: 'Integrations',
    access: signedIn,
    body: Type.Object({ receiveUrl: ReceiveUrl, apiKey: ApiKey }),
    response: { 200: CheckResult },
    refusals: ['CL-106', 'AU-102'],
  }),
  'POST /api/integrations': endpoint({
    summary: 'Bind a page to an account',
    description:
      'With `receiveUrl` and `apiKey`, or with a `pairingCode`. `kind` is `facebook` where it is left out; with `instagram` the account is connected that is linked to the page. The key needs the scopes `attachments` and `accounts:secret`: with it the secret of the account is asked for. A page has one integration: whoever connected it before is told that it was replaced.',
    tag: 'Integrations',
    access: signedIn,
    body: Type.Object({
      kind: Type.Optional(Kind),
      pageId: PageId,
      receiveUrl: Type.Optional(ReceiveUrl),
      apiKey: Type.Optional(ApiKey),
      pairingCode: Type.Optional(PairingCode),
      ...some,
    }),
    response: { 201: Integration },
    refusals: ['CL-101', 'CL-103', 'CL-104', 'CL-105', 'CL-106', 'CL-107', 'CL-108', 'AU-102'],
  }),
  'GET /api/integrations': endpoint({
    summary: 'Your integrations, newest first',
    tag: 'Integrations',
    access: signedIn,
    response: { 200: ListOf(Integration) },
  }),
  'GET /api/integrations/:id': endpoint({
    summary: 'One integration, with its health',
    tag: 'Integrations',
    access: signedIn,
    params: IdParams,
    response: { 200: Integration },
  }),
  'PATCH /api/integrations/:id': endpoint({
    summary: 'Change, pause or resume an integration',
    description:
      'A new `receiveUrl` comes with a new `apiKey`; then the secret of the account is asked for again. While `paused`, what comes is kept and goes on afterwards.',
    tag: 'Integrations',
    access: signedIn,
    params: IdParams,
    body: Type.Object({
      receiveUrl: Type.Optional(ReceiveUrl),
      apiKey: Type.Optional(ApiKey),
      paused: Type.Optional(Type.Boolean()),
      ...some,
      version: Type.Optional(Type.Integer()),
    }),
    response: { 200: Integration },
    refusals: ['CL-104', 'CL-106', 'CL-107', 'CL-109', 'GE-104'],
  }),
  'DELETE /api/integrations/:id': endpoint({
    summary: 'Delete an integration; the subscription at Facebook ends',
    tag: 'Integrations',
    access: signedIn,
    params: IdParams,
    response: { 204: Nothing },
  }),
  'POST /api/integrations/:id/check': endpoint({
    summary: 'Check the token, the permissions, the subscription, the Receive URL and the key',
    description: 'Changes nothing but the health that is shown; secrets are not asked for, nor rotated.',
    tag: 'Integrations',
    access: signedIn,
    params: IdParams,
    response: { 200: CheckResult },
    refusals: ['CL-101', 'AU-102'],
  }),
  'POST /api/integrations/:id/reconnect': endpoint({
    summary: 'Renew token, secret and subscription',
    description: 'Takes the login at Facebook that is there: log in again first where that has ended.',
    tag: 'Integrations',
    access: signedIn,
    params: IdParams,
    response: { 200: Integration },
    refusals: ['CL-101', 'CL-103', 'CL-104', 'CL-105', 'CL-107', 'CL-109'],
  }),
}
