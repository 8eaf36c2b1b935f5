/** Reads what Meta writes: ids as strings or numbers, times in seconds or milliseconds, members that may be missing. */
import { parseJson } from '@patchbay/kit/json.ts'

/** Numbers that JavaScript would not repeat digit by digit come as strings. */
export function parseGraph(text: string): unknown {
  return parseJson(text, { exactNumber: (source) => source })
}

export type Members = Readonly<Record<string, unknown>>

const none: Members = Object.freeze({})

/** The members of an object; of anything else none. */
export function members(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : none
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Not empty. */
export function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Ids stand in unique indexes, whose entries are limited, and in columns that take no U+0000. */
const LONGEST_ID = 400

export function readId(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  const text = readText(value)
  return text !== undefined && text.length <= LONGEST_ID && !text.includes('\0') ? text : undefined
}

const FIRST_MS = 1e12
/** Of the year 9999: what lies behind it is no time. */
const LAST_MS = 253_402_300_799_999

/** Milliseconds, seconds, either as text, or a date as the Graph API writes it. */
export function readTime(value: unknown): Date | undefined {
  if (typeof value === 'string' && !/^\d+$/.test(value)) {
    const at = Date.parse(value)
    return Number.isNaN(at) ? undefined : new Date(at)
  }
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  if (!(number > 0)) return undefined
  const ms = number >= FIRST_MS ? number : number * 1000
  return ms <= LAST_MS ? new Date(Math.round(ms)) : undefined
}

/** What a database of ours or a contact centre's numbers its rows by. */
export function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
}
