/** The audit log of the cloud: what was done to one's integrations and one's account there. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, Instant, Nullable } from '../endpoint.ts'
import { signedIn } from './cloud-people.ts'

const Fields = Nullable(Type.Unsafe<Record<string, unknown>>(Type.Unknown()))

export const CloudAuditEntry = Type.Object({
  id: Id,
  at: Instant,
  by: Type.Union([Type.Literal('you'), Type.Literal('somebody'), Type.Literal('program')], {
    description:
      '`somebody`: another user, who connected the page. `program`: the cloud itself, Facebook, or the operator.',
  }),
  address: Nullable(Type.String({ description: 'Of your own acts.' })),
  action: Type.String({ description: '`created`, `changed`, `deleted` or `signed-in`.' }),
  object: Type.String({ description: '`integration`, `app_user` or `facebook_login`.' }),
  objectId: Nullable(Id),
  objectName: Nullable(
    Type.String({ description: 'Of an integration the page, as far as it is written down.' }),
  ),
  before: Fields,
  after: Fields,
})
export type CloudAuditEntry = Static<typeof CloudAuditEntry>

export const cloudAuditApi = {
  'GET /api/audit': endpoint({
    summary: 'What was done to your integrations and your account, newest first',
    description: 'Of a change the fields that differ, before and after; of secrets only that they changed.',
    tag: 'Audit',
    access: signedIn,
    query: Type.Object({
      integrationId: Type.Optional(Id),
      before: Type.Optional(Id),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    }),
    response: {
      200: Type.Object({
        rows: Type.Array(CloudAuditEntry),
        before: Nullable(Type.Integer({ description: 'For the next page; null: this was the last.' })),
      }),
    },
  }),
}
