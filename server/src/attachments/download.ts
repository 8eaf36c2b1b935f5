/** Sends a file's bytes so that no browser takes them for a page of ours. */
import type { Readable } from 'node:stream'
import send from '@fastify/send'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AttachmentRow } from './attachments.ts'
import { contentDisposition } from './file-names.ts'
import { isShownInPlace } from './file-types.ts'

/**
 * Answers the bytes to send, with code and headers set. `folder` holds the files. Shown in place only when asked for, and only types
 * that hold no script.
 */
export async function openFile(
  request: FastifyRequest,
  reply: FastifyReply,
  folder: string,
  row: AttachmentRow,
  wantsInline: boolean,
): Promise<Readable> {
  const isInline = wantsInline && isShownInPlace(row.type)
  const sent = await send(request.raw, row.path, {
    root: folder,
    cacheControl: false,
    contentType: false,
    index: false,
  })
  if (sent.statusCode === 416)
    throw new Refusal('AT-106', undefined, { headers: { 'content-range': `bytes */${row.size_bytes}` } })
  if (sent.type !== 'file' && sent.statusCode >= 400)
    throw new Error(`the bytes of attachment ${row.id} are missing`)
  reply
    .code(sent.statusCode)
    .headers(sent.headers)
    .headers({
      'content-type': isInline ? row.type : 'application/octet-stream',
      'content-disposition': contentDisposition(isInline ? 'inline' : 'attachment', row.name),
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'self'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
    })
  return sent.stream
}
