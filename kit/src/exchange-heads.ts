/** What the heads of an exchange say when it carries HTTP, checked: whoever is at the other end of the connection may be anybody's program. */
import type { OutgoingHttpHeaders } from 'node:http'

export type Headers = Record<string, string | string[]>

export interface AskHead {
  method: string
  path: string
  headers: Headers
}

export interface AnswerHead {
  status: number
  headers: Headers
}

/** Of bodies that go whole, in one frame with their head. */
export const SMALL_BYTES = 64 * 1024

export function readAskHead(head: unknown): AskHead | undefined {
  const { method, path, headers } = (head ?? {}) as Partial<AskHead>
  return typeof method === 'string' && typeof path === 'string' && isHeaders(headers)
    ? { method, path, headers }
    : undefined
}

export function readAnswerHead(head: unknown): AnswerHead | undefined {
  const { status, headers } = (head ?? {}) as Partial<AnswerHead>
  const isFinal = Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599
  return isFinal && isHeaders(headers) ? { status: Number(status), headers } : undefined
}

function isHeaders(value: unknown): value is Headers {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every(
    (one) => typeof one === 'string' || (Array.isArray(one) && one.every((each) => typeof each === 'string')),
  )
}

/** Undefined: none is declared. NaN: nobody knows. */
export function lengthIn(headers: Headers | OutgoingHttpHeaders): number | undefined {
  const value = headers['content-length']
  if (value === undefined) return undefined
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
}

/**
 * Holds a body to the length that its head declares. What goes beyond would be read as the next message of the connection on which it is
 * passed on.
 */
export function createMeasure(headers: Headers): { fits(bytes: number): boolean; isWhole(): boolean } {
  const declared = lengthIn(headers)
  let passed = 0
  return {
    fits(bytes) {
      passed += bytes
      return declared === undefined || passed <= declared
    },
    isWhole: () => declared === undefined || passed === declared,
  }
}
