/** The log of an integration: what came and went, what became of it, and the way of one message. */

import { type Static, Type } from 'typebox'
import { CloudSaid } from '../cloud-said.ts'
import { endpoint, Id, IdParams, Instant, ListOf, Nullable } from '../endpoint.ts'
import { signedIn } from './cloud-people.ts'
import { WayStep } from './way.ts'

export const CloudLogEntry = Type.Object({
  id: Id,
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')], {
    description: '`in`: to the contact centre; `out`: to the channel.',
  }),
  what: Type.Union([
    Type.Literal('message'),
    Type.Literal('echo'),
    Type.Literal('edited'),
    Type.Literal('deleted'),
    Type.Literal('reacted'),
    Type.Literal('delivered'),
    Type.Literal('read'),
    Type.Literal('window'),
    Type.Literal('failed'),
    Type.Literal('otherwise'),
    Type.Literal('answer'),
  ]),
  isPublic: Type.Boolean({ description: 'On the wall.' }),
  state: Type.Union([Type.Literal('waiting'), Type.Literal('delivered'), Type.Literal('failed')]),
  reason: Nullable(CloudSaid),
  attempts: Type.Integer(),
  happenedAt: Type.String({ format: 'date-time', description: 'By the clock of the channel.' }),
  arrivedAt: Type.String({ format: 'date-time', description: 'Here.' }),
  endedAt: Nullable(Instant),
  nextAt: Nullable(
    Type.String({
      format: 'date-time',
      description: 'The next attempt; null while it waits behind another, or the integration pauses.',
    }),
  ),
})
export type CloudLogEntry = Static<typeof CloudLogEntry>

export const CloudWay = Type.Object({
  entry: CloudLogEntry,
  steps: Type.Union([Type.Array(WayStep), Type.Null()], {
    description: 'What the contact centre did with a message; null: nothing yet, or it does not say.',
  }),
  untold: Nullable(CloudSaid),
  answer: Nullable(CloudLogEntry),
})
export type CloudWay = Static<typeof CloudWay>

export const cloudLogApi = {
  'GET /api/integrations/:id/log': endpoint({
    summary: 'What came and went through an integration, newest first',
    description:
      'Kept for seven days. Texts are none of it: they are deleted as soon as a message has arrived or is given up.',
    tag: 'Integrations',
    access: signedIn,
    params: IdParams,
    query: Type.Object({
      show: Type.Optional(
        Type.Union([Type.Literal('messages'), Type.Literal('open'), Type.Literal('all')], {
          default: 'messages',
          description:
            '`messages`: messages and answers. `open`: what waits or failed. `all`: receipts and the rest too.',
        }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 25 })),
      cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })),
    }),
    response: { 200: ListOf(CloudLogEntry) },
  }),
  'GET /api/integrations/:id/log/:entryId': endpoint({
    summary: 'The way of one message: here, in the contact centre, and its answer back',
    description: 'Asks the contact centre with the key of the integration.',
    tag: 'Integrations',
    access: signedIn,
    params: Type.Object({ id: Id, entryId: Id }),
    response: { 200: CloudWay },
    refusals: ['AU-102'],
  }),
}
