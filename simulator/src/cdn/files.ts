/** Files and their signed addresses: whoever has one may read the file until it expires. */
import { createHash } from 'node:crypto'
import type { Box } from '../box.ts'
import { digits } from '../world/ids.ts'
import type { StoredFile } from '../world/world.ts'

export function storeFile(box: Box, given: Omit<StoredFile, 'id'>): StoredFile {
  const file = { ...given, id: `${digits(9)}_${digits(17)}_${digits(16)}_n` }
  box.world.files.set(file.id, file)
  return file
}

const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'audio/mp4': 'mp4',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
}

/** Pictures and the like lose their names; other files keep theirs in the path, as Meta does it. */
export function fileUrl(box: Box, file: StoredFile): string {
  const own = /\.([A-Za-z0-9]{1,8})$/.exec(file.name)?.[1]
  const ending = endings[file.type] ?? own ?? 'bin'
  const isMedia = /^(image|audio|video)\//.test(file.type)
  const path = isMedia
    ? `/v/t39.30808-6/${file.id}.${ending}`
    : `/v/t59.2708-21/${file.id}.${ending}/${encodeURIComponent(file.name)}`
  const expires = Math.floor((box.clock.now() + box.switches.cdnLifeMs) / 1000)
    .toString(16)
    .toUpperCase()
  const url = new URL(path, box.origin)
  url.search = `?_nc_cat=104&ccb=1-7&_nc_sid=4f86bc&oh=${hashOf(file.id, expires)}&oe=${expires}`
  return url.href
}

/** Undefined when the address is not one that was made, or is over. */
export function readUrl(box: Box, path: string, query: Record<string, string>): StoredFile | undefined {
  const id = /^\/v\/[^/]+\/([0-9_]+_n)\./.exec(path)?.[1]
  const file = id === undefined ? undefined : box.world.files.get(id)
  const { oh = '', oe = '' } = query
  if (!file || oh !== hashOf(file.id, oe)) return undefined
  return Number.parseInt(oe, 16) * 1000 > box.clock.now() ? file : undefined
}

// No secret: nothing here is worth guessing, and the address must stay good over a restart.
const hashOf = (id: string, expires: string): string =>
  `03_${createHash('sha256').update(`${id} ${expires}`).digest('base64url').slice(0, 43)}`
