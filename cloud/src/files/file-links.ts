/** What an address of a file says: whether it is one of the channel's, and how the file may be called. */

/** `hosts` are names, or `*.` and a domain. */
export function isAllowedHost(url: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(url)) return false
  const { hostname, host, protocol } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return false
  return hosts.some((allowed) =>
    allowed.startsWith('*.')
      ? hostname.endsWith(allowed.slice(1).toLowerCase())
      : [hostname, host].includes(allowed.toLowerCase()),
  )
}

const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/aac': 'aac',
  'audio/ogg': 'ogg',
  'video/mp4': 'mp4',
  'application/pdf': 'pdf',
}
const LONGEST_NAME = 120

/** Of the path; the channel names its own pictures by long numbers, which say nothing to people. */
export function fileNameOf(url: string, kind: string, type: string): string {
  const last = decode(new URL(url).pathname.split('/').pop() ?? '')
  const ending = Object.hasOwn(endings, type) ? `.${endings[type]}` : ''
  const name = last
    .replaceAll(/[^\p{L}\p{N}. _()-]/gu, '_')
    .replace(/^\.+/, '')
    .slice(-LONGEST_NAME)
    .trim()
  if (name === '' || (kind !== 'file' && /^[\d_]+n?\.\w+$/.test(name)))
    return `${kind === 'file' ? 'file' : kind}${ending}`
  return /\.\w{1,5}$/.test(name) ? name : name + ending
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
