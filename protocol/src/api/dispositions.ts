/** Dispositions: how interactions end, as a tree of up to three levels. */
import { type Static, Type } from 'typebox'
import {
  AsRead,
  endpoint,
  Id,
  IdParams,
  Instant,
  ListOf,
  Name,
  Nothing,
  Nullable,
  paging,
} from '../endpoint.ts'
import { DeleteQuery, deleteWords } from '../uses.ts'

const manager = { may: 'dispositions.manage', scopes: ['admin'] } as const

const scope = {
  listId: Nullable(Id),
  accountId: Nullable(Id),
  queueId: Nullable(Id),
}
const optionalScope = {
  listId: Type.Optional(scope.listId),
  accountId: Type.Optional(scope.accountId),
  queueId: Type.Optional(scope.queueId),
}

export const Disposition = Type.Object({
  id: Id,
  name: Type.String(),
  path: Type.String({ description: 'The names from the first level on, `Sales / Won`.' }),
  parentId: Nullable(Id),
  level: Type.Integer({ minimum: 1, maximum: 3 }),
  position: Type.Integer({ description: 'Among those of the same parent and scope, from 0.' }),
  ...scope,
  version: Type.Integer(),
  createdAt: Instant,
})
export type Disposition = Static<typeof Disposition>

/** One that an interaction can be closed with. */
export const Choice = Type.Object({
  id: Id,
  name: Type.String(),
  path: Type.String(),
  level: Type.Integer(),
})
export type Choice = Static<typeof Choice>

const scopeWords =
  'A disposition of the first level is for every interaction, or for those of one list, account or queue (at most one of `listId`, `accountId`, `queueId`); what stands below belongs with it.'

export const dispositionsApi = {
  'GET /api/dispositions': endpoint({
    summary: 'Dispositions as they stand in their trees: each parent before its children',
    tag: 'Dispositions',
    access: manager,
    query: Type.Object({
      ...paging,
      scope: Type.Optional(
        Type.Union([
          Type.Literal('all'),
          Type.Literal('global'),
          Type.Literal('list'),
          Type.Literal('account'),
          Type.Literal('queue'),
        ]),
      ),
      listId: Type.Optional(Id),
      accountId: Type.Optional(Id),
      queueId: Type.Optional(Id),
    }),
    response: { 200: ListOf(Disposition) },
  }),
  'POST /api/dispositions': endpoint({
    summary: 'Make a disposition',
    description: scopeWords,
    tag: 'Dispositions',
    access: manager,
    body: Type.Object({ name: Name, parentId: Type.Optional(Nullable(Id)), ...optionalScope }),
    response: { 201: Disposition },
    refusals: ['GE-102', 'DI-101'],
  }),
  'PATCH /api/dispositions/:id': endpoint({
    summary: 'Rename or move a disposition, with everything below it',
    description: `${scopeWords} \`parentId\` null makes it one of the first level. Interactions that were closed with it keep the words of their time.`,
    tag: 'Dispositions',
    access: manager,
    params: IdParams,
    body: Type.Object({
      name: Type.Optional(Name),
      parentId: Type.Optional(Nullable(Id)),
      position: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
      version: AsRead,
      ...optionalScope,
    }),
    response: { 200: Disposition },
    refusals: ['GE-102', 'GE-104', 'DI-101'],
  }),
  'GET /api/dispositions/:id/uses': endpoint({
    summary: 'What would lose a disposition and everything below it',
    tag: 'Dispositions',
    access: manager,
    params: IdParams,
    response: {
      200: Type.Object({
        below: Type.Integer({ description: 'Dispositions below it.' }),
        interactions: Type.Integer({
          description: 'Closed with it or with one below it; at most 10 000 are counted.',
        }),
        accounts: Type.Array(Type.String(), {
          description: 'Names of accounts whose actions close with it.',
        }),
      }),
    },
  }),
  'DELETE /api/dispositions/:id': endpoint({
    summary: 'Delete a disposition and everything below it',
    description: `${deleteWords} Interactions keep the words they were closed with, and count as closed with the other one.`,
    tag: 'Dispositions',
    access: manager,
    params: IdParams,
    query: DeleteQuery,
    response: { 204: Nothing },
    refusals: ['GE-103', 'DI-101'],
  }),
  'GET /api/openchannel/interactions/:id/dispositions': endpoint({
    summary: 'How an interaction can be closed',
    description:
      'Dispositions for every interaction, and those of its list, its account and its queue. Empty: any word is taken.',
    tag: 'Interactions',
    access: { may: 'openchannel', scopes: ['interactions:read', 'interactions:write'] },
    params: IdParams,
    response: {
      200: Type.Object({
        required: Type.Boolean({ description: 'Whether one must be named to close it.' }),
        rows: Type.Array(Choice),
      }),
    },
  }),
}
