/** The audit log: who changed what, and when. */
import { type Static, Type } from 'typebox'
import { createdBetween, endpoint, Id, Instant, Nullable } from '../endpoint.ts'

const Fields = Nullable(Type.Unsafe<Record<string, unknown>>(Type.Unknown()))

export const AuditEntry = Type.Object({
  id: Id,
  at: Instant,
  user: Nullable(Type.Object({ id: Id, fullname: Type.String() })),
  key: Nullable(Type.Object({ id: Id, name: Nullable(Type.String()) })),
  address: Nullable(Type.String()),
  action: Type.String({ description: '`created`, `changed`, `deleted`, `signed-in` and the like.' }),
  object: Type.String({ description: 'What was changed, by its kind: `account`, `queue`, `app_user` ...' }),
  objectId: Nullable(Id),
  objectName: Nullable(Type.String()),
  before: Fields,
  after: Fields,
})
export type AuditEntry = Static<typeof AuditEntry>

const filters = {
  userId: Type.Optional(Id),
  object: Type.Optional(Type.String({ maxLength: 60 })),
  objectId: Type.Optional(Id),
  action: Type.Optional(Type.String({ maxLength: 60 })),
  search: Type.Optional(Type.String({ maxLength: 200 })),
  ...createdBetween,
}

export const auditApi = {
  'GET /api/audit': endpoint({
    summary: 'The audit log, newest first',
    description:
      'Who does not see every account is told of his own acts alone. `search` looks into the newest 200 000 entries.',
    tag: 'Audit',
    access: { may: 'audit.read', scopes: ['admin'] },
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
      before: Type.Optional(Id),
      ...filters,
    }),
    response: {
      200: Type.Object({
        rows: Type.Array(AuditEntry),
        before: Nullable(Id),
      }),
    },
  }),
  'GET /api/audit/export': endpoint({
    summary: 'The audit log as CSV, newest first, as a stream of all that match',
    description:
      'Cells that a spreadsheet would run as a formula begin with an apostrophe. `before` and `after` are JSON.',
    tag: 'Audit',
    access: { may: 'audit.read', scopes: ['admin'] },
    query: Type.Object(filters),
    response: { 200: Type.Unsafe<never>({ type: 'string', format: 'binary' }) },
  }),
}
