// Secrets at rest, tokens and digests.
import { createCipheriv, createDecipheriv, createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Secret } from './config.ts'

export interface SealingKey {
  /** Says which key sealed a value, without telling anything about it. */
  id: Buffer
  bytes: Buffer
}

/** `key` is 32 bytes in base64. */
export function sealingKey(key: Secret): SealingKey {
  const bytes = Buffer.from(key.reveal(), 'base64')
  if (bytes.length !== 32) throw new RangeError('a sealing key has 32 bytes')
  return {
    id: createHmac('sha256', bytes).update('patchbay key id').digest().subarray(0, KEY_ID_BYTES),
    bytes,
  }
}

/** To be kept beside the data, so that a start with another key is noticed at once. */
export function keyFingerprint(key: SealingKey): string {
  return key.id.toString('hex')
}

export class UnsealError extends Error {
  override name = 'UnsealError'
}

const VERSION = 1
const KEY_ID_BYTES = 8
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES

/**
 * AES-256-GCM. `row` names the place of the value (`account:7:secret`): a sealed value copied to another row does not
 * open. Layout: version, key id (8), nonce (12), text, tag (16).
 */
export function seal(key: SealingKey, row: string, text: string): Buffer {
  const head = Buffer.concat([Buffer.of(VERSION), key.id, randomBytes(NONCE_BYTES)])
  const cipher = createCipheriv('aes-256-gcm', key.bytes, head.subarray(1 + KEY_ID_BYTES))
  cipher.setAAD(Buffer.concat([head, Buffer.from(row)]))
  return Buffer.concat([head, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

export function open(key: SealingKey, row: string, sealed: Buffer): string {
  const head = sealed.subarray(0, HEAD_BYTES)
  if (sealed.length < HEAD_BYTES + TAG_BYTES || head[0] !== VERSION)
    throw new UnsealError('not a sealed value')
  if (!head.subarray(1, 1 + KEY_ID_BYTES).equals(key.id)) throw new UnsealError('sealed with another key')
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, head.subarray(1 + KEY_ID_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.concat([head, Buffer.from(row)]))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([
      decipher.update(sealed.subarray(HEAD_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]).toString('utf8')
  } catch {
    throw new UnsealError('sealed for another place, or damaged')
  }
}

export function newKey(): string {
  return randomBytes(32).toString('base64')
}

/** 160 bits in base32 without look-alikes, behind a prefix by which a leaked token is recognised. */
export function randomToken(prefix: string): string {
  let token = prefix
  // 32 letters divide 256, so every letter is equally likely.
  for (const byte of randomBytes(32)) token += LETTERS[byte % LETTERS.length]
  return token
}

const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'

export function sha256(value: string | Uint8Array): Buffer {
  return hash('sha256', value, 'buffer')
}

export function hmacSha256(key: string | Uint8Array, value: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(value).digest()
}

/** Takes the same time wherever the two differ, and tells nothing about their lengths. */
export function equalInConstantTime(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(hmacSha256(compareKey, a), hmacSha256(compareKey, b))
}

const compareKey = randomBytes(32)
