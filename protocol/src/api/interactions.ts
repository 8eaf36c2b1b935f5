/** Interactions and messages: what existing clients call, and what the desk reads. */
import { type Static, Type } from 'typebox'
import {
  createdBetween,
  endpoint,
  Id,
  IdParams,
  Ids,
  Instant,
  ListOf,
  Nothing,
  Nullable,
  paging,
} from '../endpoint.ts'
import { Said } from '../said.ts'
import { Contact, Tag } from './contacts.ts'
import { MessageStatus, State } from './states.ts'
import { MessageRevision, MessageStanding, ThreadMessage } from './thread-message.ts'

const reader = { may: 'openchannel', scopes: ['interactions:read'] } as const
const writer = { may: 'openchannel.answer', scopes: ['interactions:write'] } as const

const Named = Type.Object({ id: Id, name: Type.String() })
const AccountName = Type.Object({
  ...Named.properties,
  sandbox: Type.Optional(
    Type.Literal(true, { description: 'Present where the account is for trying out only.' }),
  ),
})
const Person = Type.Object({ id: Id, fullname: Type.String() })

const NamedDisposition = Nullable(
  Type.Union([Type.String({ maxLength: 620 }), Type.Integer()], {
    description:
      'By its id, its path (`Sales / Won`) or its name where only one has it. Any word where no disposition is defined.',
  }),
)

/** An interaction in the shape that existing clients read; our own additions are in camelCase. */
export const Interaction = Type.Object({
  id: Id,
  closed: Type.Boolean(),
  state: State,
  UserId: Nullable(Id),
  ContactId: Id,
  OpenchannelAccountId: Id,
  OpenchannelQueueId: Nullable(Id),
  threadId: Nullable(Type.String()),
  externalUrl: Nullable(Type.String()),
  to: Nullable(Type.String()),
  subject: Nullable(Type.String()),
  disposition: Nullable(Type.String({ description: 'As it was called when it was chosen.' })),
  dispositionId: Nullable(Id),
  Tags: Type.Array(Type.Object({ id: Id, name: Type.String(), color: Type.String() })),
  unread: Type.Integer(),
  lastMessageAt: Instant,
  lastMessageDirection: Nullable(Type.String()),
  createdAt: Instant,
  closedAt: Nullable(Instant),
})
export type Interaction = Static<typeof Interaction>

export const Message = Type.Object({
  id: Id,
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
  body: Type.String(),
  secret: Type.Boolean(),
  AttachmentId: Nullable(Id),
  UserId: Nullable(Id),
  ContactId: Id,
  OpenchannelAccountId: Id,
  OpenchannelInteractionId: Id,
  sentBy: Nullable(Type.String()),
  status: MessageStatus,
  statusReason: Nullable(Type.String()),
  createdAt: Instant,
})
export type Message = Static<typeof Message>

// What the desk reads ------------------------------------------------------------------------------------------------------------

/** A line of the inbox, whole: a newer one (higher seq) replaces an older. */
export const InboxRow = Type.Object({
  id: Id,
  seq: Type.Integer(),
  account: AccountName,
  contact: Type.Object({ id: Id, name: Type.String() }),
  state: State,
  user: Nullable(Person),
  queue: Nullable(Named),
  /** The agent or the team that it waits for, where it waits for no queue. */
  awaits: Type.Optional(
    Type.Union([
      Type.Object({ kind: Type.Literal('agent'), id: Id, name: Type.String() }),
      Type.Object({ kind: Type.Literal('team'), id: Id, name: Type.String() }),
    ]),
  ),
  preview: Type.String(),
  lastDirection: Nullable(Type.Union([Type.Literal('in'), Type.Literal('out')])),
  lastMessageAt: Instant,
  waitingSince: Nullable(Instant),
  assignedAt: Nullable(Instant),
  unread: Type.Integer(),
  tags: Type.Array(Type.Object({ id: Id, name: Type.String(), color: Type.String() })),
  /** The answer that could not be delivered is the newest one. */
  failed: Type.Boolean(),
  createdAt: Instant,
  closedAt: Nullable(Instant),
})
export type InboxRow = Static<typeof InboxRow>

export const View = Type.Union([
  Type.Literal('mine'),
  Type.Literal('waiting'),
  Type.Literal('team'),
  Type.Literal('closed'),
])
export type View = Static<typeof View>
export const Sort = Type.Union([
  Type.Literal('newest'),
  Type.Literal('oldest'),
  Type.Literal('longest-waiting'),
])

/** `closed` is not counted: it only grows. */
export const ViewCounts = Type.Object({ mine: Type.Integer(), waiting: Type.Integer(), team: Type.Integer() })
export type ViewCounts = Static<typeof ViewCounts>

export const OfferCard = Type.Object({
  id: Id,
  interactionId: Id,
  contact: Type.Object({ id: Id, name: Type.String() }),
  account: AccountName,
  /** Both null: it waits for this agent alone. */
  queue: Nullable(Named),
  team: Nullable(Named),
  /** The desk accepts it for the agent. */
  autoAnswer: Type.Boolean(),
  preview: Type.String(),
  /** The account's notification, where it has one: what the browser's own notice says below the contact's name. */
  notice: Type.Optional(Type.String()),
  waitingSince: Instant,
  createdAt: Instant,
  expiresAt: Instant,
  /** Of the server when it wrote this card, so that a countdown does not depend on the client's clock. */
  now: Instant,
  timeoutSeconds: Type.Integer(),
})
export type OfferCard = Static<typeof OfferCard>

/** One entry of a thread, by seq: a message, a note, or something that happened. */
export const ThreadItem = Type.Object({
  seq: Type.Integer(),
  at: Instant,
  /**
   * `message` and `note` carry `message`. `status`, `revised`, `window` and `read` stand only in what follows a seq (pages carry how it
   * is now): `status` and `revised` say how their message stands, `window` until when answers are taken. Every other is something
   * that happened.
   */
  type: Type.Union([
    Type.Literal('message'),
    Type.Literal('note'),
    Type.Literal('status'),
    Type.Literal('revised'),
    Type.Literal('window'),
    Type.Literal('opened'),
    Type.Literal('queued'),
    Type.Literal('offered'),
    Type.Literal('declined'),
    Type.Literal('timeout'),
    Type.Literal('assigned'),
    Type.Literal('released'),
    Type.Literal('transferred'),
    Type.Literal('closed'),
    Type.Literal('reopened'),
    Type.Literal('tagged'),
    Type.Literal('logged'),
    Type.Literal('read'),
    Type.Literal('changed'),
    Type.Literal('triggered'),
  ]),
  user: Nullable(Person),
  message: Type.Optional(ThreadMessage),
  status: Type.Optional(MessageStanding),
  revision: Type.Optional(MessageRevision),
  /** Names of what the event speaks of: queue, agent, team, disposition, note, `rings` (he is asked first), `back` (nobody took it up; as `queued`: it waits until he has a free slot); of `window`: until, humanAgentUntil. */
  data: Type.Optional(Type.Record(Type.String(), Nullable(Type.String()))),
  /** Of `logged`: what a step did, where it is not the text of a log step. `data.text` says the same in English. */
  said: Type.Optional(Said),
})
export type ThreadItem = Static<typeof ThreadItem>

/** Until when the channel takes answers, and until when it takes those of a person; null where it sets no end. */
export const AnswerWindow = Type.Object({ until: Nullable(Instant), humanAgentUntil: Nullable(Instant) })
export type AnswerWindow = Static<typeof AnswerWindow>

export const Thread = Type.Object({
  interaction: InboxRow,
  threadId: Nullable(Type.String()),
  externalUrl: Nullable(Type.String()),
  canReply: Type.Boolean({ description: 'False while the account has no Reply URL.' }),
  window: AnswerWindow,
  fileLimitBytes: Type.Integer({ description: 'How large one file of an answer may be.' }),
  disposition: Nullable(Type.String()),
  contact: Contact,
  /** Ascending by seq. */
  items: Type.Array(ThreadItem),
  seq: Type.Integer(),
  /** Whether older items exist before the first. */
  more: Type.Boolean(),
})
export type Thread = Static<typeof Thread>

export const interactionsApi = {
  'GET /api/openchannel/interactions': endpoint({
    summary: 'Interactions of the accounts that the caller may see, newest first',
    tag: 'Interactions',
    access: reader,
    query: Type.Object({
      ...paging,
      OpenchannelAccountId: Type.Optional(Id),
      ContactId: Type.Optional(Id),
      UserId: Type.Optional(Id),
      closed: Type.Optional(Type.Boolean()),
      state: Type.Optional(State),
      tag: Type.Optional(Id),
      unread: Type.Optional(Type.Boolean()),
      ...createdBetween,
      order: Type.Optional(Type.Union([Type.Literal('asc'), Type.Literal('desc')])),
    }),
    response: { 200: ListOf(Interaction) },
  }),
  'GET /api/openchannel/interactions/:id': endpoint({
    summary: 'An interaction',
    tag: 'Interactions',
    access: reader,
    params: IdParams,
    response: { 200: Interaction },
  }),
  'PUT /api/openchannel/interactions/:id': endpoint({
    summary: 'Close, reopen, assign or release',
    description:
      '`{closed:true, disposition?}` closes; `{closed:false, UserId:null, queueId:null}` reopens without an agent; `{UserId}` assigns.',
    tag: 'Interactions',
    access: writer,
    params: IdParams,
    body: Type.Object({
      closed: Type.Optional(Type.Boolean()),
      disposition: Type.Optional(NamedDisposition),
      UserId: Type.Optional(Nullable(Id)),
      queueId: Type.Optional(Nullable(Id)),
    }),
    response: { 200: Interaction },
    refusals: ['IN-101', 'IN-102', 'IN-103', 'IN-104', 'IN-105'],
  }),
  'GET /api/openchannel/interactions/:id/messages': endpoint({
    summary: 'Messages and notes, oldest first',
    tag: 'Interactions',
    access: reader,
    params: IdParams,
    query: Type.Object(paging),
    response: { 200: ListOf(Message) },
  }),
  'POST /api/openchannel/messages': endpoint({
    summary: 'Answer the customer, or add a note with `secret`',
    description:
      'With `AttachmentId`, a body that is empty or the file name is the file alone; any other body is text and goes first, as a call of its own. `clientId` makes a repetition harmless.',
    tag: 'Interactions',
    access: writer,
    body: Type.Object({
      body: Type.Optional(Nullable(Type.String({ maxLength: 65_536 }))),
      OpenchannelAccountId: Type.Optional(Id),
      OpenchannelInteractionId: Id,
      ContactId: Type.Optional(Nullable(Id)),
      UserId: Type.Optional(Nullable(Id)),
      direction: Type.Optional(Type.Literal('out')),
      secret: Type.Optional(Type.Boolean()),
      AttachmentId: Type.Optional(Nullable(Id)),
      sentBy: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
      attachmentIds: Type.Optional(Type.Array(Id, { maxItems: 20 })),
      clientId: Type.Optional(Type.String({ minLength: 8, maxLength: 100 })),
      /** The seq the writer has seen: when a customer's message above it exists the answer is held back with RE-103. */
      seenSeq: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
    response: { 201: Type.Object({ ...Message.properties, messages: Type.Array(Message) }) },
    refusals: ['RE-101', 'RE-102', 'RE-103', 'RE-105', 'AT-103', 'AT-105'],
  }),
  'POST /api/openchannel/messages/:id/retry': endpoint({
    summary: 'Try to deliver a failed answer again',
    tag: 'Interactions',
    access: writer,
    params: IdParams,
    response: { 200: Message },
    refusals: ['RE-104'],
  }),
  'POST /api/openchannel/interactions/:id/tags': endpoint({
    summary: 'Replace the tags',
    tag: 'Interactions',
    access: writer,
    params: IdParams,
    body: Ids,
    response: { 200: Type.Object({ ids: Type.Array(Id), Tags: Type.Array(Tag) }) },
  }),
  'POST /api/openchannel/interactions/:id/accept': endpoint({
    summary: 'Accept the offer, or take a waiting interaction',
    tag: 'Interactions',
    access: writer,
    params: IdParams,
    response: { 200: Interaction },
    refusals: ['OF-101', 'OF-103', 'IN-103'],
  }),
  'POST /api/openchannel/interactions/:id/decline': endpoint({
    summary: 'Decline the offer: it passes on',
    tag: 'Interactions',
    access: writer,
    params: IdParams,
    body: Type.Object({ reason: Type.Optional(Type.String({ maxLength: 200 })) }),
    response: { 200: Interaction },
    refusals: ['OF-102'],
  }),
  'POST /api/openchannel/interactions/:id/close': endpoint({
    summary: 'Close',
    tag: 'Interactions',
    access: writer,
    params: IdParams,
    body: Type.Object({ disposition: Type.Optional(NamedDisposition) }),
    response: { 200: Interaction },
    refusals: ['IN-104', 'IN-105'],
  }),
  'POST /api/openchannel/interactions/:id/reopen': endpoint({
    summary: 'Reopen and take',
    tag: 'Interactions',
    access: writer,
    params: IdParams,
    response: { 200: Interaction },
    refusals: ['IN-101'],
  }),
  'POST /api/openchannel/interactions/:id/read': endpoint({
    summary: 'The caller has looked at it up to this seq',
    tag: 'Desk',
    access: writer,
    params: IdParams,
    body: Type.Object({ seq: Type.Integer({ minimum: 0 }) }),
    response: { 204: Nothing },
  }),
  'GET /api/openchannel/inbox': endpoint({
    summary: 'A view of the inbox, as the desk shows it',
    description:
      '`mine` (ordered by the newest message), `waiting` (nobody has it yet; by `waitingSince`), `team` (colleagues have it; by `assignedAt`) and `closed` (by `closedAt`) share no row. `longest-waiting` and `oldest` are ascending, `newest` is descending. A filtered page may hold fewer rows than `limit`, even none, while `cursor` says that there may be more.',
    tag: 'Desk',
    access: reader,
    query: Type.Object({
      view: View,
      sort: Type.Optional(Sort),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 100 })),
      cursor: Type.Optional(Type.String({ maxLength: 200 })),
      accountId: Type.Optional(Id),
      queueId: Type.Optional(Id),
      tagId: Type.Optional(Id),
      unread: Type.Optional(Type.Boolean()),
      search: Type.Optional(
        Type.String({
          maxLength: 200,
          description: "Start of the contact's name, or the whole value of a field that identifies.",
        }),
      ),
    }),
    response: {
      200: Type.Object({ rows: Type.Array(InboxRow), cursor: Nullable(Type.String()), counts: ViewCounts }),
    },
  }),
  'GET /api/openchannel/interactions/:id/thread': endpoint({
    summary: 'The thread: the newest items, those before a seq, or those after one',
    description:
      'After a seq every event is answered, so their numbers have no gap. Pages leave out `status` and `read`, whose outcome the messages carry.',
    tag: 'Desk',
    access: reader,
    params: IdParams,
    query: Type.Object({
      before: Type.Optional(Type.Integer({ minimum: 1 })),
      after: Type.Optional(Type.Integer({ minimum: 0 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    }),
    response: { 200: Thread },
  }),
  'GET /api/openchannel/offers': endpoint({
    summary: 'Open offers of the caller, oldest first',
    tag: 'Desk',
    access: reader,
    response: { 200: ListOf(OfferCard) },
  }),
}
