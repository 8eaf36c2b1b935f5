/** To whom an interaction can be passed, passing it on, and writing to a customer first. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, IdParams, Nullable } from '../endpoint.ts'
import { Interaction, Message } from './interactions.ts'
import { PresenceName } from './session.ts'

const reader = { may: 'openchannel', scopes: ['interactions:read'] } as const
const writer = { may: 'openchannel.answer', scopes: ['interactions:write'] } as const

const Free = Type.Integer({ description: 'Agents who are available and have a free slot.' })
export const Targets = Type.Object({
  agents: Type.Array(
    Type.Object({
      id: Id,
      fullname: Type.String(),
      presence: PresenceName,
      free: Type.Integer({ description: 'Free slots.' }),
    }),
  ),
  queues: Type.Array(Type.Object({ id: Id, name: Type.String(), waiting: Type.Integer(), free: Free })),
  teams: Type.Array(Type.Object({ id: Id, name: Type.String(), free: Free })),
})
export type Targets = Static<typeof Targets>

export const passOnApi = {
  'POST /api/openchannel/interactions/:id/transfer': endpoint({
    summary: 'Pass on to an agent, a queue or a team, with a note',
    description:
      'Exactly one of `userId`, `queueId`, `teamId`. An agent has it at once; with `ring` he is asked first, as a team always is. What nobody takes up (an agent within a minute, a team within five) goes back to who had it.',
    tag: 'Interactions',
    access: writer,
    params: IdParams,
    body: Type.Object({
      userId: Type.Optional(Id),
      queueId: Type.Optional(Id),
      teamId: Type.Optional(Id),
      ring: Type.Optional(Type.Boolean({ description: 'Ask the agent first.' })),
      note: Type.Optional(Type.String({ maxLength: 4000 })),
    }),
    response: { 200: Interaction },
    refusals: ['IN-102', 'IN-103', 'IN-106'],
  }),
  'GET /api/openchannel/interactions/:id/targets': endpoint({
    summary: 'To whom an interaction can be passed, and how busy each is',
    tag: 'Interactions',
    access: reader,
    params: IdParams,
    response: { 200: Targets },
  }),
  'POST /api/openchannel/interactions': endpoint({
    summary: 'Write to a customer first',
    description:
      'The caller has the new interaction. The customer is `ContactId`, or whoever has the value `from` in the field `mapKey` (else the one of the account), and is made where nobody has it, by the rules of the Receive URL. What is open already on this account and thread is answered in its place: `begun` says which.',
    tag: 'Interactions',
    access: writer,
    body: Type.Object({
      OpenchannelAccountId: Id,
      ContactId: Type.Optional(Nullable(Id)),
      from: Type.Optional(Nullable(Type.String({ maxLength: 1000 }))),
      mapKey: Type.Optional(Nullable(Type.String({ maxLength: 40 }))),
      threadId: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
      body: Type.Optional(Nullable(Type.String({ maxLength: 65_536 }))),
      clientId: Type.Optional(Type.String({ minLength: 8, maxLength: 100 })),
    }),
    response: {
      201: Type.Object({ begun: Type.Boolean(), interaction: Interaction, messages: Type.Array(Message) }),
    },
    refusals: ['RE-101', 'RE-105', 'OC-103', 'OC-104'],
  }),
}
