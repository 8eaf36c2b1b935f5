/**
 * One-time codes and server keys, which every relay of one operator can check without asking another: both carry a digest made with
 * what the operator's token gives. The id of a server comes from its code, so a code that is used at two relays names one server.
 */
import { randomBytes } from 'node:crypto'
import { crockfordLetters as LETTERS, readCrockford, toCrockford } from '@patchbay/kit/crockford.ts'
import { equalInConstantTime, hmacSha256 } from '@patchbay/kit/crypto.ts'

const CODE_LETTERS = 20
const PROOF_LETTERS = 9
const LIFE_MINUTES = 24 * 60
const KEY_PREFIX = 'pbr_'

export interface Codes {
  make(now: Date): { code: string; expiresAt: Date }
  /** Undefined for what was mistyped, forged or is too old. */
  read(code: string, now: Date): { serverId: string; until: Date } | undefined
  keyOf(serverId: string): string
  /** The server whose key this is. */
  serverOf(key: string): string | undefined
}

/** Codes last a day; keys as long as the operator's token. */
export function createCodes(adminToken: string): Codes {
  const secret = hmacSha256(adminToken, 'patchbay relay')
  const proofOf = (head: string): string => toCrockford(hmacSha256(secret, `code ${head}`), PROOF_LETTERS)
  const keyOf = (serverId: string): string =>
    `${KEY_PREFIX}${serverId}_${hmacSha256(secret, `server ${serverId}`).toString('hex')}`

  return {
    make(now) {
      const untilMinute = Math.ceil(now.getTime() / 60_000) + LIFE_MINUTES
      const head = number(untilMinute, 5) + toCrockford(randomBytes(6), 6)
      const code = head + proofOf(head)
      return { code: code.replace(/.{5}(?!$)/g, '$&-'), expiresAt: new Date(untilMinute * 60_000) }
    },
    read(text, now) {
      const code = readCrockford(text)
      if (code.length !== CODE_LETTERS) return
      const head = code.slice(0, -PROOF_LETTERS)
      const until = new Date(numberOf(head.slice(0, 5)) * 60_000)
      if (!equalInConstantTime(code.slice(-PROOF_LETTERS), proofOf(head)) || until <= now) return
      return { serverId: hmacSha256(secret, `id ${code}`).toString('hex').slice(0, 24), until }
    },
    keyOf,
    serverOf(key) {
      const serverId = /^pbr_([0-9a-f]{24})_[0-9a-f]{64}$/.exec(key)?.[1]
      return serverId !== undefined && equalInConstantTime(key, keyOf(serverId)) ? serverId : undefined
    },
  }
}

function number(value: number, count: number): string {
  let text = ''
  for (let rest = value, place = 0; place < count; place++, rest = Math.floor(rest / LETTERS.length))
    text = LETTERS[rest % LETTERS.length] + text
  return text
}

function numberOf(text: string): number {
  let value = 0
  for (const letter of text) value = value * LETTERS.length + Math.max(0, LETTERS.indexOf(letter))
  return value
}
