/** Reads what Meta posts to the deauthorise and data-deletion addresses: a payload behind its signature. */
import { equalInConstantTime, hmacSha256 } from '@patchbay/kit/crypto.ts'

export interface SignedRequest {
  /** A person as Meta names him to this app; null where a page is meant. */
  facebookUserId: string | null
  pageId: string | null
}

/** Undefined for what is not signed with the secret of the app. */
export function readSignedRequest(text: unknown, appSecret: string): SignedRequest | undefined {
  if (typeof text !== 'string') return undefined
  const [signature = '', payload = '', ...rest] = text.split('.')
  if (signature === '' || payload === '' || rest.length > 0) return undefined
  // The text behind the dot is signed as it stands. Node reads base64 with either alphabet, padded or not.
  if (!equalInConstantTime(Buffer.from(signature, 'base64'), hmacSha256(appSecret, payload))) return undefined
  const content = parse(Buffer.from(payload, 'base64').toString('utf8'))
  if (String(content.algorithm).toUpperCase() !== 'HMAC-SHA256') return undefined
  return { facebookUserId: idOf(content.user_id), pageId: idOf(content.profile_id) }
}

const idOf = (value: unknown): string | null =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null

function parse(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
