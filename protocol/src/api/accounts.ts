/** Open channel accounts, their agents and actions, and the built-in echo receiver. */
import { type Static, Type } from 'typebox'
import {
  AsRead,
  endpoint,
  Id,
  IdParams,
  Instant,
  ListOf,
  LongText,
  Members,
  Name,
  Nothing,
  Nullable,
  paging,
} from '../endpoint.ts'
import { DeleteQuery, deleteWords } from '../uses.ts'
import { Action, NewActions } from './actions.ts'
import { Timing } from './timing.ts'

const manager = { may: 'accounts.manage', scopes: ['admin'] } as const
const reader = {
  may: ['openchannel', 'accounts.manage', 'deliveries.read'],
  scopes: ['interactions:read', 'admin'],
} as const

/** What happens to an account's interactions and messages, as its Reply URL or a second URL may be told. */
export const accountEvents = [
  'interaction.opened',
  'interaction.assigned',
  'interaction.transferred',
  'interaction.closed',
  'interaction.reopened',
  'message.received',
  'message.delivered',
  'message.failed',
] as const
export type AccountEvent = (typeof accountEvents)[number]
// A list has no static type of its own: from it the union would be of nothing.
export const AccountEvent = Type.Unsafe<AccountEvent>(
  Type.Union(accountEvents.map((name) => Type.Literal(name))),
)

const settings = {
  replyUrl: Type.String({
    maxLength: 2000,
    description: 'Where answers are posted. Empty: agents can read, not answer.',
  }),
  description: LongText,
  mapKey: Nullable(
    Type.String({ maxLength: 40, description: 'The contact field used when a message names none.' }),
  ),
  mapKeyDescription: Type.String({ maxLength: 1000 }),
  updateRule: Type.Union([Type.Literal('fill'), Type.Literal('never'), Type.Literal('overwrite')]),
  reopenWithinMinutes: Type.Integer({ minimum: 0, maximum: 525_600 }),
  notificationTemplate: Type.String({
    maxLength: 2000,
    description:
      'What the notification of an offer says on an agent’s screen, with variables as `{{contact.city}}`. Empty: the account’s name.',
  }),
  attachmentLimitBytes: Nullable(Type.Integer({ minimum: 1, maximum: 1_073_741_824 })),
  fileLifetimeHours: Nullable(Type.Integer({ minimum: 1, maximum: 87_600 })),
  bodyLimitBytes: Type.Integer({ minimum: 1024, maximum: 1_048_576 }),
  ratePerSecond: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  rateBurst: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  requireSignature: Type.Boolean({
    description: 'Only requests signed by Standard Webhooks with the account secret are taken in.',
  }),
  sandbox: Type.Boolean({ description: 'For trying out: visible, and left out of reports.' }),
  keepBodies: Type.Boolean({ description: 'Whether the delivery log keeps what was sent and answered.' }),
  dispositionRequired: Type.Boolean({
    description: 'Whoever closes an interaction says how it ended, where dispositions are defined.',
  }),
  eventsUrl: Type.String({ maxLength: 2000, description: 'Where events go. Empty: to the Reply URL.' }),
  events: Type.Array(AccountEvent, { maxItems: accountEvents.length, uniqueItems: true }),
  alarmEmail: Type.String({
    maxLength: 320,
    description: 'Who is told when deliveries fail. Empty: nobody.',
  }),
  alarmUrl: Type.String({
    maxLength: 2000,
    description: 'What is called when deliveries fail. Empty: nothing.',
  }),
  alarmAfterFailures: Type.Integer({ minimum: 1, maximum: 1000 }),
}
const optionalSettings = {
  replyUrl: Type.Optional(settings.replyUrl),
  description: Type.Optional(settings.description),
  mapKey: Type.Optional(settings.mapKey),
  mapKeyDescription: Type.Optional(settings.mapKeyDescription),
  updateRule: Type.Optional(settings.updateRule),
  reopenWithinMinutes: Type.Optional(settings.reopenWithinMinutes),
  notificationTemplate: Type.Optional(settings.notificationTemplate),
  attachmentLimitBytes: Type.Optional(settings.attachmentLimitBytes),
  fileLifetimeHours: Type.Optional(settings.fileLifetimeHours),
  bodyLimitBytes: Type.Optional(settings.bodyLimitBytes),
  ratePerSecond: Type.Optional(settings.ratePerSecond),
  rateBurst: Type.Optional(settings.rateBurst),
  requireSignature: Type.Optional(settings.requireSignature),
  sandbox: Type.Optional(settings.sandbox),
  keepBodies: Type.Optional(settings.keepBodies),
  dispositionRequired: Type.Optional(settings.dispositionRequired),
  eventsUrl: Type.Optional(settings.eventsUrl),
  events: Type.Optional(settings.events),
  alarmEmail: Type.Optional(settings.alarmEmail),
  alarmUrl: Type.Optional(settings.alarmUrl),
  alarmAfterFailures: Type.Optional(settings.alarmAfterFailures),
}

export const Account = Type.Object({
  id: Id,
  uid: Type.String({ description: 'Random and public; stands in every reply as OpenchannelAccountUid.' }),
  name: Type.String(),
  listId: Id,
  ...settings,
  agentIds: Type.Array(Id),
  teamIds: Type.Array(Id),
  actions: Type.Array(Action),
  canReply: Type.Boolean(),
  version: Type.Integer({
    description: 'Raised by every change; pass it as `version` in a PATCH to be told of a change between.',
  }),
  firstMessageAt: Nullable(Instant),
  createdAt: Instant,
  updatedAt: Instant,
  /** The next four are shown to admins only. */
  token: Type.Optional(Type.String()),
  oldTokenUntil: Type.Optional(
    Nullable(
      Type.String({ format: 'date-time', description: 'Until when the token before this one still works.' }),
    ),
  ),
  receiveUrl: Type.Optional(Type.String()),
  echoUrl: Type.Optional(Type.String()),
})
export type Account = Static<typeof Account>

export const Echo = Type.Object({
  id: Id,
  receivedAt: Instant,
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.String(),
})
export type Echo = Static<typeof Echo>

export const DeliveryRow = Type.Object({
  id: Id,
  event: Type.String({ description: '`reply`, or the event that was posted.' }),
  messageId: Nullable(Id),
  interactionId: Nullable(Id),
  accountId: Id,
  state: Type.String(),
  attempts: Type.Integer(),
  nextAt: Nullable(Instant),
  lastStatus: Nullable(Type.Integer()),
  lastError: Nullable(Type.String()),
  createdAt: Instant,
  endedAt: Nullable(Instant),
})
export type DeliveryRow = Static<typeof DeliveryRow>

export const accountsApi = {
  'GET /api/openchannel/accounts': endpoint({
    summary: 'Accounts: an admin sees all, others those to which they were added',
    tag: 'Accounts',
    access: reader,
    query: Type.Object({
      ...paging,
      search: Type.Optional(Type.String({ maxLength: 200 })),
      listId: Type.Optional(Id),
    }),
    response: { 200: ListOf(Account) },
  }),
  'GET /api/openchannel/accounts/:id': endpoint({
    summary: 'An account',
    tag: 'Accounts',
    access: reader,
    params: IdParams,
    response: { 200: Account },
  }),
  'POST /api/openchannel/accounts': endpoint({
    summary: 'Make an account: its Receive URL, token and signing secret are made with it',
    tag: 'Accounts',
    access: manager,
    body: Type.Object({ name: Name, listId: Type.Optional(Id), ...optionalSettings }),
    response: { 201: Account },
  }),
  'PATCH /api/openchannel/accounts/:id': endpoint({
    summary: 'Change an account',
    tag: 'Accounts',
    access: manager,
    params: IdParams,
    body: Type.Object({
      name: Type.Optional(Name),
      listId: Type.Optional(Id),
      version: AsRead,
      ...optionalSettings,
    }),
    response: { 200: Account },
    refusals: ['GE-104', 'AC-101'],
  }),
  'DELETE /api/openchannel/accounts/:id': endpoint({
    summary: 'Delete an account; its Receive URL stops at once, its interactions stay readable by admins',
    description: `${deleteWords} Interactions and contacts stay where they are.`,
    tag: 'Accounts',
    access: manager,
    params: IdParams,
    query: DeleteQuery,
    response: { 204: Nothing },
    refusals: ['GE-103'],
  }),
  'PUT /api/openchannel/accounts/:id/agents': endpoint({
    summary: 'Replace the agents who see and answer its interactions',
    tag: 'Accounts',
    access: manager,
    params: IdParams,
    body: Members,
    response: { 200: Account },
    refusals: ['GE-104'],
  }),
  'PUT /api/openchannel/accounts/:id/teams': endpoint({
    summary: 'Replace the teams who see and answer its interactions',
    tag: 'Accounts',
    access: manager,
    params: IdParams,
    body: Members,
    response: { 200: Account },
    refusals: ['GE-104'],
  }),
  'PUT /api/openchannel/accounts/:id/actions': endpoint({
    summary: 'Replace its actions; without any, interactions show to its agents who take them',
    tag: 'Accounts',
    access: manager,
    params: IdParams,
    body: Type.Object({ actions: NewActions, version: AsRead }),
    response: { 200: Account },
    refusals: ['AC-102', 'GE-104'],
  }),
  'POST /api/openchannel/accounts/:id/token': endpoint({
    summary: 'Make a new Receive token; the old one works on for the overlap',
    tag: 'Accounts',
    access: { may: 'accounts.secrets', scopes: ['admin'] },
    params: IdParams,
    body: Type.Object({
      overlapSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 604_800, default: 86_400 })),
    }),
    response: { 200: Account },
  }),
  'DELETE /api/openchannel/accounts/:id/token/old': endpoint({
    summary: 'End the overlap of a rotation: the old Receive token is refused from now on',
    tag: 'Accounts',
    access: { may: 'accounts.secrets', scopes: ['admin'] },
    params: IdParams,
    response: { 200: Account },
  }),
  'POST /api/openchannel/accounts/:id/secret': endpoint({
    summary:
      'The signing secret of its answers; `rotate` makes a new one, the old one signs beside it for 24 h',
    tag: 'Accounts',
    access: { may: 'accounts.secrets', scopes: ['accounts:secret', 'admin'] },
    params: IdParams,
    body: Type.Object({ rotate: Type.Optional(Type.Boolean()) }),
    response: { 200: Type.Object({ secret: Type.String(), uid: Type.String() }) },
  }),
  'GET /api/openchannel/accounts/:id/echoes': endpoint({
    summary: 'What the built-in echo receiver of this account took in lately, newest first',
    tag: 'Accounts',
    access: { may: ['accounts.manage', 'deliveries.read'], scopes: ['admin'] },
    params: IdParams,
    response: { 200: ListOf(Echo) },
  }),
  'POST /api/openchannel/accounts/:id/try-receive': endpoint({
    summary: 'Post a sample message to the own Receive URL, as a service would',
    tag: 'Accounts',
    access: manager,
    params: IdParams,
    body: Type.Object({
      from: Type.String({ minLength: 1, maxLength: 200 }),
      body: Type.String({ minLength: 1, maxLength: 4000 }),
    }),
    response: {
      200: Type.Object({
        status: Type.Integer(),
        durationMs: Type.Integer(),
        interactionId: Nullable(Id),
        body: Type.String(),
      }),
    },
  }),
  'POST /api/openchannel/accounts/:id/try-reply': endpoint({
    summary: 'Post a signed sample answer to its Reply URL, or to the given one, through the guarded door',
    tag: 'Accounts',
    access: manager,
    params: IdParams,
    body: Type.Object({ replyUrl: Type.Optional(settings.replyUrl) }),
    response: {
      200: Type.Object({
        ok: Type.Boolean(),
        status: Nullable(Type.Integer()),
        durationMs: Type.Integer(),
        body: Type.String(),
        /** A code the desk has words for: `ok`, `no-reply-url`, `blocked-address`, `dns`, `refused`, `timeout`, `tls`, `redirect`, `auth`, `not-found`, `client-error`, `server-error`, `bad-url`, `reset`, `protocol`. */
        diagnosis: Type.String(),
        detail: Type.String(),
        /** Of the answer; secrets are blanked, also those that it repeats. */
        headers: Type.Record(Type.String(), Type.String()),
        /** What was sent, as a real answer is: signed, and marked as a test by its text and its `webhook-id`. */
        request: Type.Object({ headers: Type.Record(Type.String(), Type.String()), body: Type.String() }),
        timing: Timing,
      }),
    },
  }),
  'GET /api/openchannel/deliveries': endpoint({
    summary: 'What is owed to Reply URLs, events and alarms included, and what became of it, newest first',
    tag: 'Accounts',
    access: { may: 'deliveries.read', scopes: ['admin'] },
    query: Type.Object({
      ...paging,
      accountId: Type.Optional(Id),
      interactionId: Type.Optional(Id),
      state: Type.Optional(Type.String({ maxLength: 20 })),
    }),
    response: { 200: ListOf(DeliveryRow) },
  }),
  'POST /api/openchannel/deliveries/:id/replay': endpoint({
    summary: 'Deliver once more: a new attempt in the lane of its interaction',
    tag: 'Accounts',
    access: { may: ['openchannel.answer', 'deliveries.replay'], scopes: ['interactions:write', 'admin'] },
    params: IdParams,
    response: { 200: DeliveryRow },
  }),
}
