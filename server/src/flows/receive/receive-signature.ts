/** Signed mode: an account may take only what is signed as Standard Webhooks has it, with its own secret, within five minutes. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { AccountEntry } from '../../accounts/directory.ts'

const TOLERANCE_S = 5 * 60
const LONGEST_ID = 512
const MOST_SIGNATURES = 16

/**
 * Undefined where the account asks for none. Otherwise it refuses what carries no signature of this time, and answers what to call when
 * the body was read to its end: it refuses a body that none of the signatures is of. Call it before anybody reads the body: the digest
 * is made of the bytes as they pass, so that a file need not be kept in memory for it.
 */
export function expectSignature(
  request: IncomingMessage,
  account: Pick<AccountEntry, 'requireSignature' | 'secrets'>,
  now: () => number = Date.now,
): (() => void) | undefined {
  if (!account.requireSignature) return undefined
  const id = readHeader(request, 'webhook-id')
  const timestamp = readHeader(request, 'webhook-timestamp')
  const signatures = readHeader(request, 'webhook-signature')
  if (id.length > LONGEST_ID)
    throw new Refusal('OC-117', `webhook-id is longer than ${LONGEST_ID} characters.`)
  const sentS = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN
  const nowS = Math.floor(now() / 1000)
  if (!(Math.abs(nowS - sentS) <= TOLERANCE_S))
    throw new Refusal(
      'OC-117',
      `webhook-timestamp is not within five minutes of this server's time, ${nowS}.`,
    )
  const given = signatures
    .split(' ', MOST_SIGNATURES)
    .flatMap((part) => (part.startsWith('v1,') ? Buffer.from(part.slice(3), 'base64') : []))
  // During a rotation either secret signs.
  const expected = account.secrets().map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return createHmac('sha256', key).update(`${id}.${timestamp}.`)
  })
  request.on('data', (chunk: Buffer) => {
    for (const digest of expected) digest.update(chunk)
  })
  return () => {
    const isSigned = expected
      .map((digest) => digest.digest())
      .some((digest) => given.some((one) => one.length === digest.length && timingSafeEqual(one, digest)))
    if (!isSigned)
      throw new Refusal(
        'OC-117',
        'webhook-signature holds no signature of this body with the secret of the account.',
      )
  }
}

function readHeader({ headers }: IncomingMessage, name: string): string {
  const value = headers[name]
  if (typeof value === 'string' && value !== '') return value
  throw new Refusal('OC-117', `The account takes signed requests alone, and the header ${name} is missing.`)
}
