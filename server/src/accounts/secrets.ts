/** What an account keeps secret: the token of its Receive URL and the secret that signs its answers, made, sealed and opened. */
import { randomBytes } from 'node:crypto'
import { open, randomToken, type SealingKey, seal, sha256 } from '@patchbay/kit/crypto.ts'

const TOKEN_PREFIX = 'pbt_'
/** Standard Webhooks asks for 24 to 64 bytes. */
const SECRET_BYTES = 32

type Kind = 'token' | 'secret'

// The row is named by uid, since a new account's secrets are sealed before the database gives it an id.
const place = (uid: string, kind: Kind): string => `account:${uid}:${kind}`

/** The look-up goes by digest; the value itself is kept sealed, because Settings shows the Receive URL again. */
export function newToken(key: SealingKey, uid: string): { digest: Buffer; sealed: Buffer } {
  const token = randomToken(TOKEN_PREFIX)
  return { digest: sha256(token), sealed: seal(key, place(uid, 'token'), token) }
}

export function newSecret(key: SealingKey, uid: string): { secret: string; sealed: Buffer } {
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`
  return { secret, sealed: seal(key, place(uid, 'secret'), secret) }
}

export function openToken(key: SealingKey, uid: string, sealed: Buffer): string {
  return open(key, place(uid, 'token'), sealed)
}

export function openSecret(key: SealingKey, uid: string, sealed: Buffer): string {
  return open(key, place(uid, 'secret'), sealed)
}
