/** Files, up and down, by stream. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, IdParams, Instant, Nullable } from '../endpoint.ts'

export const Attachment = Type.Object({
  id: Id,
  name: Type.String(),
  type: Type.String(),
  sizeBytes: Type.Integer(),
  createdAt: Instant,
  expiresAt: Nullable(Instant),
})
export type Attachment = Static<typeof Attachment>

export const attachmentsApi = {
  'POST /api/attachments': endpoint({
    summary: 'Upload one file as the multipart part `file`',
    tag: 'Attachments',
    access: { may: 'openchannel.answer', scopes: ['attachments'] },
    consumes: 'multipart',
    query: Type.Object({
      expiresInSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 315_360_000 })),
    }),
    response: { 201: Attachment },
    refusals: ['AT-101', 'AT-102', 'AT-103', 'AT-104', 'AT-120'],
  }),
  'GET /api/attachments/:id': endpoint({
    summary: 'What is known of a file',
    tag: 'Attachments',
    access: { may: 'openchannel', scopes: ['attachments', 'interactions:read'] },
    params: IdParams,
    response: { 200: Attachment },
  }),
  'GET /api/attachments/:id/download': endpoint({
    summary: 'The bytes; Range is supported; a signed link needs no authentication',
    tag: 'Attachments',
    access: 'public',
    params: IdParams,
    query: Type.Object({
      expires: Type.Optional(Type.Integer()),
      signature: Type.Optional(Type.String({ maxLength: 200 })),
      account: Type.Optional(
        Type.String({
          maxLength: 100,
          description:
            'In a signed link that leads through a relay: the uid of the account, for the relay alone.',
        }),
      ),
      inline: Type.Optional(Type.Boolean()),
    }),
    response: { 200: Type.Unsafe<never>({ type: 'string', format: 'binary' }) },
    refusals: ['AT-105'],
  }),
}
