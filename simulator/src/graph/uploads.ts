/** Files on their way in: fetched from an address, sent along, or uploaded ahead. */
import type { Box } from '../box.ts'
import { storeFile } from '../cdn/files.ts'
import { digits } from '../world/ids.ts'
import type { Platform, StoredFile, Upload } from '../world/world.ts'
import { type Call, needPermission, type PageCaller, pageCaller } from './call.ts'
import { graphError, invalidParameter } from './errors.ts'
import { messagesPermission } from './send-rules.ts'

const MEGABYTE = 1024 * 1024
const IMAGE_BYTES = 8 * MEGABYTE
const FILE_BYTES = 25 * MEGABYTE
const UPLOAD_LIVES_MS = 90 * 86_400_000
const FETCH_WITHIN_MS = 10_000
const types = ['image', 'audio', 'video', 'file']

export interface Taken {
  type: string
  fileId: string
  /** When it may be used again. */
  uploadId?: string
}

/** What an attachment of a message, or an upload ahead of one, consists of. */
export async function takeAttachment(
  call: Call,
  { page }: PageCaller,
  type: string,
  payload: Record<string, unknown>,
  platform: Platform = 'messenger',
): Promise<Taken> {
  const { box, parameters } = call
  if (!types.includes(type))
    throw invalidParameter('param attachment[type] must be one of {AUDIO, FILE, IMAGE, TEMPLATE, VIDEO}')
  if (payload.attachment_id !== undefined) {
    const upload = box.world.uploads.get(String(payload.attachment_id))
    const isGood =
      upload?.kind === 'reusable' &&
      upload.pageId === page.id &&
      box.clock.now() - upload.at <= UPLOAD_LIVES_MS
    if (!isGood) throw graphError('noSuchAttachment')
    return { type: upload.type, fileId: upload.fileId }
  }
  const part = parameters.file('filedata')
  const given = part
    ? { name: part.fileName ?? 'file', type: part.type, bytes: part.bytes }
    : typeof payload.url === 'string'
      ? await fetchFile(payload.url)
      : undefined
  if (!given) throw graphError('emptyMessage')
  if (platform === 'instagram') checkForInstagram(type, given)
  const file = keepFile(box, type, given)
  if (payload.is_reusable !== true && payload.is_reusable !== 'true') return { type, fileId: file.id }
  return { type, fileId: file.id, uploadId: addUpload(box, 'reusable', page.id, type, file).id }
}

const instagramTypes: Readonly<Record<string, RegExp>> = {
  image: /^image\/(png|jpeg|gif)\b/,
  audio: /^audio\/(aac|m4a|x-m4a|wav|x-wav|mp4)\b/,
  video: /^video\/(mp4|ogg|x-msvideo|quicktime|webm)\b/,
  file: /^application\/pdf\b/,
}

function checkForInstagram(kind: string, { name, type }: Omit<StoredFile, 'id'>): void {
  if (!instagramTypes[kind]?.test(type.toLowerCase())) throw graphError('wrongType')
  if (/[^\x20-\x7e]/.test(name))
    throw invalidParameter('The file name has characters that are not supported.')
}

function keepFile(box: Box, type: string, given: Omit<StoredFile, 'id'>): StoredFile {
  const kind = given.type.split(';')[0]?.trim().toLowerCase() ?? ''
  if (kind === '') throw graphError('wrongType')
  if (type !== 'file' && !kind.startsWith(`${type}/`)) throw graphError('wrongType')
  if (given.bytes.length > (type === 'image' ? IMAGE_BYTES : FILE_BYTES)) throw graphError('tooLarge')
  return storeFile(box, { ...given, type: kind })
}

export function addUpload(
  box: Box,
  kind: Upload['kind'],
  pageId: string,
  type: string,
  file: StoredFile,
): Upload {
  const upload = { id: digits(16), kind, pageId, type, fileId: file.id, at: box.clock.now() }
  box.world.uploads.set(upload.id, upload)
  box.changed()
  return upload
}

export async function fetchFile(address: string): Promise<Omit<StoredFile, 'id'>> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(FETCH_WITHIN_MS) })
    if (!answer.ok) throw graphError('cannotFetch')
    return {
      name: decodeURIComponent(new URL(address).pathname.split('/').at(-1) || 'file'),
      type: answer.headers.get('content-type') ?? '',
      bytes: Buffer.from(await answer.arrayBuffer()),
    }
  } catch {
    throw graphError('cannotFetch')
  }
}

/** POST {page}/message_attachments */
export async function uploadAttachment(call: Call): Promise<object> {
  const caller = pageCaller(call, call.segments[0] ?? '')
  const platform = call.parameters.text('platform') === 'instagram' ? 'instagram' : 'messenger'
  needPermission(caller, messagesPermission(platform))
  const attachment = call.parameters.object('message')?.attachment as
    | { type?: string; payload?: Record<string, unknown> }
    | undefined
  const { type = '', payload = {} } = attachment ?? {}
  const taken = await takeAttachment(call, caller, type, { ...payload, is_reusable: true }, platform)
  return { attachment_id: taken.uploadId }
}
