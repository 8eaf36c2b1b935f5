/** What the log keeps of headers, addresses and bodies: everything but what opens a door. */
import { redactUrl } from '@patchbay/kit/log.ts'
import { BLANK, isSecretHeader } from '@patchbay/kit/secret-headers.ts'

/** Names in lower case. The length is kept elsewhere. */
export function keptHeaders(rawHeaders: readonly string[]): Record<string, string> {
  const kept: Record<string, string> = Object.create(null)
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    if (name === 'content-length') continue
    const value = isSecretHeader(name) ? BLANK : blankText(redactUrl(rawHeaders[at + 1] ?? ''))
    kept[name] = kept[name] === undefined ? value : `${kept[name]}, ${value}`
  }
  return kept
}

/** But for the length of the body, in which most requests of one sender differ. */
export function isSameHeaders(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at += 2) {
    const name = a[at]
    if (name !== b[at]) return false
    if (a[at + 1] !== b[at + 1] && name !== 'Content-Length' && name !== 'content-length') return false
  }
  return true
}

/** Whatever it stands in, a secret of ours is known by how it begins. */
const beginnings = ['pbt_', 'pbk_', 'pbs_', 'whsec_']
const secrets = new RegExp(`(${beginnings.join('|')})[\\w+/=%\\\\.~-]+`, 'g')

export function blankText(text: string): string {
  return text.replace(secrets, BLANK)
}

const inSecret = new Uint8Array(256)
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/=%\\.~-')
  inSecret[char.charCodeAt(0)] = 1
const STAR = 0x2a

/** In place and without a change of length, since others know by number where each body begins. */
export function blankBytes(bytes: Buffer): void {
  for (const beginning of beginnings) {
    for (let at = bytes.indexOf(beginning); at >= 0; at = bytes.indexOf(beginning, at)) {
      at += beginning.length
      while (at < bytes.length && inSecret[bytes[at] ?? 0]) bytes[at++] = STAR
    }
  }
}

export function keptUrl(url: string): string {
  const plain = decoded(url)
  const kept = blankText(redactUrl(plain))
  // As it was sent, unless a secret hides behind the encoding.
  return kept === plain ? url : kept
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}
