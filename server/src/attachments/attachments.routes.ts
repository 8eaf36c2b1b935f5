/** Files over HTTP: up as the multipart part `file`, down with ranges or by a signed link. */
import { type FilePart, readMultipart } from '@patchbay/kit/multipart.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { attachmentsApi } from '@patchbay/protocol/api/attachments.ts'
import type { FastifyRequest } from 'fastify'
import { requireAccess } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import * as attachments from './attachments.ts'
import { openFile } from './download.ts'
import { cleanFileName } from './file-names.ts'
import { removeFile, type StoredFile, storeFile } from './files.ts'
import { isSigned } from './links.ts'

const DOWNLOAD = 'GET /api/attachments/:id/download'

/** How large a file the caller may upload. */
export type UploadLimit = (caller: Caller) => Promise<number>

export function attachmentsRoutes(ctx: Context, uploadLimit: UploadLimit): Handlers<typeof attachmentsApi> {
  return {
    'POST /api/attachments': async ({ request, caller, query }) => {
      const { file, name } = await readUpload(ctx, request, await uploadLimit(caller))
      const { expiresInSeconds } = query
      return attachments.describe(
        await attachments.keep(ctx, { file, name, userId: caller.user.id, expiresInSeconds }),
      )
    },
    'GET /api/attachments/:id': async ({ params, caller }) =>
      attachments.describe(await attachments.find(ctx.db, caller, params.id)),
    [DOWNLOAD]: downloadRoute(ctx),
  }
}

/** Existing clients call the download with a slash at its end. */
const SLASHED = `${DOWNLOAD}/` as const
export const attachmentAliases = { [SLASHED]: attachmentsApi[DOWNLOAD] }
export function attachmentAliasRoutes(ctx: Context): Handlers<typeof attachmentAliases> {
  return { [SLASHED]: downloadRoute(ctx) }
}

function downloadRoute(ctx: Context): Handlers<typeof attachmentsApi>[typeof DOWNLOAD] {
  return async ({ params, query, caller, request, reply }) => {
    const row = await findForDownload(ctx, params.id, query, caller)
    if (attachments.isGone(row)) throw new Refusal('AT-105')
    // The framework sends a stream, and ends it with the connection.
    return (await openFile(request, reply, ctx.config.attachmentsDir, row, query.inline === true)) as never
  }
}

async function findForDownload(
  ctx: Context,
  id: number,
  link: { expires?: number; signature?: string },
  caller: Caller | null,
): Promise<attachments.AttachmentRow> {
  if (link.expires !== undefined && isSigned(ctx, id, link.expires, link.signature ?? ''))
    return attachments.findAny(ctx.db, id)
  if (!caller) throw new Refusal('AU-104')
  requireAccess(caller, attachmentsApi['GET /api/attachments/:id'].access)
  return attachments.find(ctx.db, caller, id)
}

async function readUpload(
  ctx: Context,
  request: FastifyRequest,
  limitBytes: number,
): Promise<{ file: StoredFile; name: string }> {
  if (!request.headers['content-type']?.toLowerCase().startsWith('multipart/form-data'))
    throw new Refusal('GE-107')
  const folder = ctx.config.attachmentsDir
  const files: { file: StoredFile; name: string }[] = []
  let parts = 0
  const onFile = async (part: FilePart): Promise<void> => {
    if (part.field !== 'file') {
      part.bytes.resume()
      return
    }
    if (++parts > 1) throw new Refusal('AT-101', 'There is more than one part named file.')
    const name = cleanFileName(part.name)
    files.push({ name, file: await storeFile(folder, part, limitBytes) })
  }
  try {
    const fields = await readMultipart(request.raw, { fileBytes: limitBytes, onFile })
    const [stored] = files
    if (stored) return stored
    throw new Refusal(fields.some(([name]) => name === 'file') ? 'AT-104' : 'AT-101')
  } catch (error) {
    for (const { file } of files) await removeFile(folder, file.path)
    throw error
  }
}
