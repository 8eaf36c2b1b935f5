/** Text and file in one Receive call: the file is on the disk before the message is stored, and leaves it again when that fails. */
import type { IncomingMessage } from 'node:http'
import { type FilePart, readMultipart } from '@patchbay/kit/multipart.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { AccountEntry } from '../../accounts/directory.ts'
import * as attachments from '../../attachments/attachments.ts'
import { cleanFileName } from '../../attachments/file-names.ts'
import { removeFile, type StoredFile, storeFile } from '../../attachments/files.ts'
import type { Context } from '../../context.ts'
import type { Fields } from './receive-body.ts'

export interface Upload {
  file: StoredFile
  name: string
}

const codes = { unreadable: 'OC-111', tooLarge: 'OC-107' } as const

export async function readParts(
  ctx: Pick<Context, 'config'>,
  request: IncomingMessage,
  account: AccountEntry,
  checkSignature?: () => void,
): Promise<{ fields: Fields; upload: Upload | undefined }> {
  const folder = ctx.config.attachmentsDir
  const limitBytes = account.attachmentLimitBytes
  const uploads: Upload[] = []
  let parts = 0
  const onFile = async (part: FilePart): Promise<void> => {
    if (part.field !== 'file') {
      part.bytes.resume()
      throw new Refusal(
        'OC-111',
        `Files are taken in the part named file, not in ${JSON.stringify(part.field)}.`,
      )
    }
    if (++parts > 1) throw new Refusal('AT-101', 'There is more than one part named file.')
    const name = cleanFileName(part.name)
    uploads.push({ name, file: await storeFile(folder, part, limitBytes) })
  }
  try {
    const options = { fileBytes: limitBytes, fieldsBytes: account.bodyLimitBytes, codes, onFile }
    const fields = await readMultipart(request, options)
    checkSignature?.()
    return { fields: gatherTags(fields), upload: uploads[0] }
  } catch (error) {
    for (const { file } of uploads) await removeFile(folder, file.path)
    throw error
  }
}

// A form repeats the name where JSON has a list.
function gatherTags(fields: readonly [string, string][]): Fields {
  const tags = fields.flatMap(([name, value]) => (name === 'tags' ? value.split(',') : []))
  return tags.length === 0 ? fields : [...fields.filter(([name]) => name !== 'tags'), ['tags', tags]]
}

export function discardUpload(ctx: Pick<Context, 'config'>, { file }: Upload): Promise<void> {
  return removeFile(ctx.config.attachmentsDir, file.path)
}

/** Runs `work` with the id of the upload; unless it says that a message took the upload, nothing of it stays. */
export async function withUpload<T>(
  ctx: Pick<Context, 'config' | 'db'>,
  upload: Upload,
  work: (attachmentId: number) => Promise<{ result: T; isTaken: boolean }>,
): Promise<T> {
  const { id } = await attachments.keep(ctx, { ...upload, userId: null })
  let isTaken = false
  try {
    const done = await work(id)
    isTaken = done.isTaken
    return done.result
  } finally {
    // When it is not known whether the message was stored, discarding leaves a file that a message holds.
    if (!isTaken) await attachments.discard(ctx, id)
  }
}
