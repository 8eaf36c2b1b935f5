/** The open-channel wire: what a service posts to a Receive URL and what it gets at its Reply URL. */
import { type Static, Type } from 'typebox'
import { Id, Instant, Nullable } from './endpoint.ts'

/** The contact fields of the wire, in its spelling. Custom fields stand beside them as `cf_<id>`. */
export const contactFields = [
  'firstName',
  'lastName',
  'tags',
  'street',
  'postalCode',
  'city',
  'country',
  'dateOfBirth',
  'description',
  'phone',
  'mobile',
  'fax',
  'email',
  'url',
  'facebook',
  'twitter',
  'skype',
] as const
export type ContactField = (typeof contactFields)[number]

/** 200 of the Receive URL. */
export const Accepted = Type.Object({
  message: Type.Object({ id: Id }),
  interaction: Type.Object({ id: Id }),
  contact: Type.Object({ id: Id }),
  duplicate: Type.Boolean(),
  ignored: Type.Array(Type.String()),
})
export type Accepted = Static<typeof Accepted>

const stored = Nullable(Type.String())

/** All contact fields in wire spelling, `cf_<id>` included. */
export const WireContact = Type.Object(
  {
    id: Id,
    ListId: Id,
    tags: Type.Array(Type.String()),
    firstName: stored,
    lastName: stored,
    street: stored,
    postalCode: stored,
    city: stored,
    country: stored,
    dateOfBirth: stored,
    description: stored,
    phone: stored,
    mobile: stored,
    fax: stored,
    email: stored,
    url: stored,
    facebook: stored,
    twitter: stored,
    skype: stored,
  },
  { additionalProperties: Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]) },
)

/** The body that a Reply URL gets. `AttachmentId` and `attachment` are present only with a file. */
export const Reply = Type.Object({
  id: Id,
  body: Type.String(),
  AttachmentId: Type.Optional(Id),
  Contact: WireContact,
  contact: WireContact,
  Interaction: Type.Object({
    id: Id,
    to: Nullable(Type.String()),
    threadId: Nullable(Type.String()),
    externalUrl: Nullable(Type.String()),
    subject: Nullable(Type.String()),
    createdAt: Instant,
  }),
  interface: Type.String(),
  agent: Type.Object({ id: Nullable(Id), name: Type.String(), fullname: Type.String() }),
  UserId: Nullable(Id),
  ContactId: Id,
  OpenchannelAccountId: Id,
  OpenchannelAccountUid: Type.String(),
  OpenchannelInteractionId: Id,
  attachment: Type.Optional(
    Type.Object({
      id: Id,
      name: Type.String(),
      type: Type.String(),
      sizeBytes: Type.Integer(),
      url: Type.String(),
    }),
  ),
})
export type Reply = Static<typeof Reply>

/** What a channel may say of an answer that its Reply URL took; `sent` says nothing new but the reason that comes with it. */
export const receiptStatuses = ['sent', 'delivered', 'read', 'failed'] as const

/** What a channel may report of itself. Others are answered and ignored. */
export const eventTypes = [
  'message.edited',
  'message.deleted',
  'message.reacted',
  'message.sent',
  'window',
] as const
export type EventTypeIn = (typeof eventTypes)[number]

const EventMessage = Type.Object({
  id: Id,
  channelId: Nullable(Type.String({ description: 'The id that the Reply URL answered.' })),
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
  body: Type.String(),
  AttachmentId: Nullable(Id),
  createdAt: Instant,
})

/** What an account that subscribed to it is posted, at its events URL or its Reply URL. `type` is one of `accountEvents`. */
export const EventOut = Type.Object({
  type: Type.String(),
  timestamp: Instant,
  data: Type.Object({
    OpenchannelAccountId: Id,
    OpenchannelAccountUid: Type.String(),
    OpenchannelInteractionId: Id,
    ContactId: Id,
    UserId: Nullable(
      Type.Integer({ description: 'Who did it; null: the customer, a channel or the program.' }),
    ),
    /** As it is after the event. */
    Interaction: Type.Object({
      id: Id,
      to: Nullable(Type.String()),
      threadId: Nullable(Type.String()),
      externalUrl: Nullable(Type.String()),
      subject: Nullable(Type.String()),
      createdAt: Instant,
      closed: Type.Boolean(),
      UserId: Nullable(Id),
      queueId: Nullable(Id),
      disposition: Nullable(Type.String()),
    }),
    /** With `message.*`. */
    message: Type.Optional(EventMessage),
    /** With `message.failed`. */
    reason: Type.Optional(Nullable(Type.String())),
  }),
})
export type EventOut = Static<typeof EventOut>

/** What an account's alarm URL is posted, once when its deliveries begin to fail and once when they work again. */
export const AlarmOut = Type.Object({
  type: Type.Union([Type.Literal('alarm.opened'), Type.Literal('alarm.ended')]),
  timestamp: Instant,
  data: Type.Object({
    id: Id,
    OpenchannelAccountId: Id,
    OpenchannelAccountUid: Type.String(),
    account: Type.String(),
    about: Type.Union([Type.Literal('answers'), Type.Literal('events')]),
    reason: Type.String(),
    since: Instant,
  }),
})
export type AlarmOut = Static<typeof AlarmOut>
