/** A message as a thread shows it, how it stands, and what became of it after it was written. */
import { type Static, Type } from 'typebox'
import { Id, Instant, Nullable } from '../endpoint.ts'
import { MessageStatus } from './states.ts'

export const File = Type.Object({
  id: Id,
  name: Type.String(),
  type: Type.String(),
  sizeBytes: Type.Integer(),
  gone: Type.Boolean({ description: 'Its lifetime is over: the bytes are deleted.' }),
})
export type File = Static<typeof File>

const revision = {
  body: Type.String({ description: 'Empty once the message was taken back.' }),
  file: Nullable(File),
  editedAt: Nullable(Instant),
  deletedAt: Nullable(Instant),
  reactions: Type.Array(Type.String()),
}

export const ThreadMessage = Type.Object({
  id: Id,
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
  ...revision,
  elsewhere: Type.Boolean({ description: 'Written in the inbox of the channel itself, and reported by it.' }),
  sentBy: Nullable(Type.String()),
  clientId: Nullable(Type.String()),
  writtenAt: Nullable(Instant),
  status: MessageStatus,
  statusReason: Nullable(Type.String()),
  nextAttemptAt: Nullable(Instant),
  deliveryId: Nullable(Id),
})

export const MessageStanding = Type.Object({
  messageId: Id,
  status: MessageStatus,
  reason: Nullable(Type.String()),
  nextAttemptAt: Nullable(Instant),
  deliveryId: Nullable(Id),
})

export const MessageRevision = Type.Object({ messageId: Id, ...revision })
