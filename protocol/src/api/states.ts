/** Where an interaction stands, and what became of a message. */
import { Type } from 'typebox'

export const State = Type.Union([
  Type.Literal('new'),
  Type.Literal('queued'),
  Type.Literal('offered'),
  Type.Literal('assigned'),
  Type.Literal('closed'),
])
export const MessageStatus = Type.Union([
  Type.Literal('received'),
  Type.Literal('note'),
  Type.Literal('queued'),
  Type.Literal('sending'),
  Type.Literal('retrying'),
  Type.Literal('sent'),
  Type.Literal('delivered'),
  Type.Literal('read'),
  Type.Literal('failed'),
])
