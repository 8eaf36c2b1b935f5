/** Says whether a webhook body comes from Meta: the HMAC of its raw bytes under the secret of the app. */
import { equalInConstantTime, hmacSha256 } from '@patchbay/kit/crypto.ts'

type Header = string | string[] | undefined

/**
 * Meta escapes the body before it signs, so only the bytes as they came verify. `X-Hub-Signature` (SHA-1), which may
 * come beside it, proves nothing and is not looked at.
 */
export function isSigned(body: Uint8Array, signature256: Header, appSecret: string): boolean {
  const match = typeof signature256 === 'string' ? /^sha256=([0-9a-f]{64})$/i.exec(signature256.trim()) : null
  const hex = match?.[1]
  return hex !== undefined && equalInConstantTime(Buffer.from(hex, 'hex'), hmacSha256(appSecret, body))
}
