/** Ids as Meta's look: decimal strings of up to 17 digits, message ids that begin with m_, tokens that begin with EAA. */
import { randomBytes, randomInt } from 'node:crypto'

export function digits(count: number): string {
  let id = String(randomInt(1, 10))
  while (id.length < count) id += String(randomInt(0, 10))
  return id
}

export const pageNumber = (): string => `1${digits(14)}`
export const accountNumber = (): string => `178414${digits(11)}`
export const scopedNumber = (): string => digits(16)
export const storyNumber = (): string => digits(15)
export const messageId = (): string => `m_${randomBytes(64).toString('base64url')}`
export const threadId = (): string => `t_${digits(17)}`
export const traceId = (): string => `A${randomBytes(16).toString('base64url')}`

export function tokenValue(): string {
  return `EAA${randomBytes(120).toString('base64').replace(/[+/=]/g, 'Z')}`
}

export function codeValue(): string {
  return `AQ${randomBytes(120).toString('base64url')}`
}
