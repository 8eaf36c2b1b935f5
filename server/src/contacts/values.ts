/** What a custom field takes: one reader for the desk, the API and the Receive URL. */
import type { Field } from '@patchbay/protocol/api/contacts.ts'
import type { CustomValue } from './keys.ts'

export type FieldType = Field['type']
export interface FieldKind {
  type: FieldType
  options: readonly string[]
}

/** `value` null: the field is emptied. `wants` says in words what the field takes. */
export type ReadValue =
  | { ok: true; value: CustomValue | null }
  | { ok: false; wants: string; allowed?: readonly string[] }

export const LONGEST_TEXT = 4000

export function readCustomValue(field: FieldKind, given: CustomValue | null): ReadValue {
  const text = given === null ? '' : String(given).trim()
  if (text === '') return { ok: true, value: null }
  const value = readers[field.type](text, field)
  if (value !== undefined) return { ok: true, value }
  return {
    ok: false,
    wants: wants[field.type],
    ...(field.type === 'select' && { allowed: field.options }),
  }
}

const readers: Record<FieldType, (text: string, field: FieldKind) => CustomValue | undefined> = {
  text: shortEnough,
  select: (text, { options }) => (options.includes(text) ? text : undefined),
  number: readNumber,
  switch: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  datetime: readInstant,
  url: (text) => (isWebAddress(text) ? shortEnough(text) : undefined),
}

const wants: Record<FieldType, string> = {
  text: `a text of at most ${LONGEST_TEXT} characters`,
  select: 'one of its options',
  number: 'a number',
  switch: 'true or false',
  datetime: 'a date or an instant in ISO 8601, such as 2026-03-01T09:30:00Z',
  url: 'an http or https address',
}

function shortEnough(text: string): string | undefined {
  return text.length <= LONGEST_TEXT ? text : undefined
}

function readNumber(text: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text)) return undefined
  const number = Number(text)
  // A sum with zero makes 0 of -0, which JSON cannot tell apart.
  return Number.isFinite(number) ? number + 0 : undefined
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i

// Without a zone it is taken as UTC, so that the answer does not depend on where the server stands.
function readInstant(text: string): string | undefined {
  const [, day, time = '00:00', zone = 'Z'] = ISO.exec(text) ?? []
  if (day === undefined || !isDay(day)) return undefined
  const instant = new Date(`${day}T${time}${zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`)
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString()
}

// Date makes the 2nd of March of the 30th of February.
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
