/** Reads single values of a Receive call as text, number or instant, whatever JSON or a form made of them. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { ProblemCode } from '@patchbay/protocol/problem.ts'

export interface TextReader {
  /** The value as text; undefined where nothing was sent. Refuses what has no text, such as an object. */
  text(field: string, value: unknown, code?: ProblemCode): string | undefined
  /** Whether characters were replaced that the database cannot hold. */
  marked(): boolean
}

export function createTextReader(): TextReader {
  let marked = false

  const clean = (text: string): string => {
    if (text.isWellFormed() && !text.includes('\0')) return text
    marked = true
    return text.toWellFormed().replaceAll('\0', '\u2400')
  }

  return {
    marked: () => marked,
    text(field, value, code = 'OC-113') {
      if (typeof value === 'string') return clean(value)
      if (value === null || value === undefined) return undefined
      if (typeof value === 'number') return String(value)
      const kind = Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'an object'
          : `a ${typeof value}`
      throw new Refusal(code, `${field} must be text or a number, not ${kind}.`, { field })
    },
  }
}

/** Null: none. Numbers beyond what JavaScript holds arrive as their digits. */
export function readAttachmentId(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null
  const id = typeof value === 'string' && /^\s*\d{1,16}\s*$/.test(value) ? Number(value) : value
  if (typeof id === 'number' && Number.isSafeInteger(id) && id > 0) return id
  throw new Refusal('OC-105', 'AttachmentId is not the id of an upload.', { field: 'AttachmentId' })
}

// Below this an epoch is in seconds: as milliseconds it would be in the spring of 1973.
const FIRST_MS = 100_000_000_000
const LAST_YEAR = 9999
// Without a zone it is UTC, so that the answer does not depend on where the server stands.
const ISO = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)([Zz]|[+-]\d{2}:?\d{2})?)?$/

/** ISO 8601, or an epoch in seconds or milliseconds; null for anything else. */
export function readInstant(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  const epoch = /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined
  const iso = ISO.exec(text)
  if (epoch === undefined && !iso) return null
  const [, day, time = '00:00', zone = 'Z'] = iso ?? []
  const instant = new Date(
    epoch === undefined ? `${day}T${time}${zone}` : epoch < FIRST_MS ? epoch * 1000 : epoch,
  )
  if (Number.isNaN(instant.getTime()) || instant.getUTCFullYear() > LAST_YEAR || instant.getUTCFullYear() < 1)
    return null
  return instant.toISOString()
}

export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
