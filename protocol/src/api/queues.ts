/** Queues and their members. */
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
  paging,
} from '../endpoint.ts'
import { DeleteQuery, deleteWords } from '../uses.ts'
import { RequiredSkill } from './skills.ts'

const manager = { may: 'queues.manage', scopes: ['admin'] } as const
const reader = {
  may: ['openchannel', 'queues.manage', 'accounts.manage'],
  scopes: ['interactions:read', 'admin'],
} as const

export const Strategy = Type.Union([
  Type.Literal('rrmemory'),
  Type.Literal('beepall'),
  Type.Literal('leastrecent'),
  Type.Literal('fewestactive'),
])

export const Queue = Type.Object({
  id: Id,
  name: Type.String(),
  description: Type.String(),
  strategy: Strategy,
  agentTimeoutSeconds: Type.Integer(),
  weight: Type.Integer(),
  dispositionRequired: Type.Boolean({
    description: 'Whoever closes an interaction of it says how it ended, where dispositions are defined.',
  }),
  group: Type.String({ description: 'A word by which queues stand together; empty: none.' }),
  wrapUpSeconds: Type.Integer({
    description: 'So long an agent is left alone after he closed an interaction of this queue.',
  }),
  autoAnswer: Type.Boolean({ description: 'The desk accepts its offers for the agent.' }),
  skills: Type.Array(RequiredSkill, { description: 'What an agent must have to be asked.' }),
  agentIds: Type.Array(Id),
  teamIds: Type.Array(Id),
  waiting: Type.Integer({
    description:
      'How many wait in it, of the accounts that the caller may see; those of sandbox accounts are not counted.',
  }),
  free: Type.Integer({ description: 'Members who are here and have a free slot.' }),
  accounts: Type.Array(Type.Object({ id: Id, name: Type.String() }), {
    description: 'Accounts whose actions name this queue.',
  }),
  version: Type.Integer(),
  createdAt: Instant,
})
export type Queue = Static<typeof Queue>

const settings = {
  description: Type.Optional(LongText),
  strategy: Type.Optional(Strategy),
  agentTimeoutSeconds: Type.Optional(Type.Integer({ minimum: 3, maximum: 3600 })),
  weight: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 })),
  dispositionRequired: Type.Optional(Type.Boolean()),
  group: Type.Optional(Type.String({ maxLength: 100 })),
  wrapUpSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600 })),
  autoAnswer: Type.Optional(Type.Boolean()),
  skills: Type.Optional(Type.Array(RequiredSkill, { maxItems: 20 })),
}

export const queuesApi = {
  'GET /api/openchannel/queues': endpoint({
    summary: 'Queues',
    tag: 'Queues',
    access: reader,
    query: Type.Object({ ...paging, search: Type.Optional(Type.String({ maxLength: 200 })) }),
    response: { 200: ListOf(Queue) },
  }),
  'GET /api/openchannel/queues/:id': endpoint({
    summary: 'A queue',
    tag: 'Queues',
    access: reader,
    params: IdParams,
    response: { 200: Queue },
  }),
  'POST /api/openchannel/queues': endpoint({
    summary: 'Make a queue',
    tag: 'Queues',
    access: manager,
    body: Type.Object({ name: Name, ...settings }),
    response: { 201: Queue },
    refusals: ['GE-102'],
  }),
  'PATCH /api/openchannel/queues/:id': endpoint({
    summary: 'Change a queue',
    tag: 'Queues',
    access: manager,
    params: IdParams,
    body: Type.Object({ name: Type.Optional(Name), version: AsRead, ...settings }),
    response: { 200: Queue },
    refusals: ['GE-102', 'GE-104'],
  }),
  'DELETE /api/openchannel/queues/:id': endpoint({
    summary: 'Delete a queue, or put another in its place',
    description: `${deleteWords} What waits in it waits in the other one from now on.`,
    tag: 'Queues',
    access: manager,
    params: IdParams,
    query: DeleteQuery,
    response: { 204: Nothing },
    refusals: ['GE-103'],
  }),
  'PUT /api/openchannel/queues/:id/agents': endpoint({
    summary: 'Replace the agents of a queue',
    tag: 'Queues',
    access: manager,
    params: IdParams,
    body: Members,
    response: { 200: Queue },
    refusals: ['GE-104'],
  }),
  'PUT /api/openchannel/queues/:id/teams': endpoint({
    summary: 'Replace the teams of a queue',
    tag: 'Queues',
    access: manager,
    params: IdParams,
    body: Members,
    response: { 200: Queue },
    refusals: ['GE-104'],
  }),
  'POST /api/rpc/openchannel/queues/:id/notify': endpoint({
    summary: 'Put the interaction of a message into this queue',
    tag: 'Queues',
    access: { may: 'openchannel.answer', scopes: ['interactions:write'] },
    params: IdParams,
    body: Type.Object({ messageId: Id, channel: Type.Optional(Type.String({ maxLength: 40 })) }),
    response: { 200: Type.Object({ interaction: Type.Object({ id: Id }), queue: Type.Object({ id: Id }) }) },
  }),
}
