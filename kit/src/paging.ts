/** Pages of lists: a cursor that stays right while rows come and go, and counts that stop where nobody reads them any more. */
import { Refusal } from './refusal.ts'

/** Counts are exact up to here. Beyond, the list says that there are at least so many. */
export const COUNT_CEILING = 10_000
const DEFAULT_LIMIT = 50

export type CursorValue = string | number | null

export interface Page<C extends readonly CursorValue[]> {
  limit: number
  offset: number
  /** The sort values of the last row of the page before; undefined on the first page. */
  after: C | undefined
}

export interface PagingQuery {
  limit?: number | undefined
  offset?: number | undefined
  cursor?: string | undefined
}

/** `kinds` are the types of the list's sort values, in their order: `readPage(query, ['string', 'number'])`. */
export function readPage<const K extends readonly ('string' | 'number')[]>(
  query: PagingQuery,
  kinds: K,
): Page<{ -readonly [I in keyof K]: K[I] extends 'string' ? string : number }> {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, kinds)
  return {
    limit: query.limit ?? DEFAULT_LIMIT,
    offset: query.offset ?? 0,
    // decodeCursor has compared every value with its kind, which the compiler cannot follow.
    after: after as { -readonly [I in keyof K]: K[I] extends 'string' ? string : number } | undefined,
  }
}

export interface ListAnswer<T> {
  count: number
  countIsAtLeast?: true
  rows: T[]
  cursor: string | null
}

/** `rows` are read with `limit + 1`, so that the last page is known; `count` is counted up to `COUNT_CEILING + 1`. */
export function listAnswer<R, T>(
  page: Page<readonly CursorValue[]>,
  rows: readonly R[],
  count: number,
  toAnswer: (row: R) => T,
  sortValues: (row: R) => readonly CursorValue[],
): ListAnswer<T> {
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    count: Math.min(count, COUNT_CEILING),
    ...(count > COUNT_CEILING && { countIsAtLeast: true as const }),
    rows: shown.map(toAnswer),
    cursor: rows.length > page.limit && last !== undefined ? encodeCursor(sortValues(last)) : null,
  }
}

export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

function decodeCursor(cursor: string, kinds: readonly string[]): CursorValue[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (
      Array.isArray(values) &&
      values.length === kinds.length &&
      values.every((value, index) => isUsable(value, kinds[index]))
    )
      return values
  } catch {
    // Falls through to the refusal: a cursor is ours or it is nothing.
  }
  throw new Refusal('GE-101', 'The cursor is none that a list of this kind has answered.', {
    field: 'cursor',
  })
}

// Whatever passes here reaches a comparison in SQL, which knows no U+0000, no lone surrogate and no fraction of an id.
function isUsable(value: unknown, kind: string | undefined): boolean {
  if (kind === 'number') return Number.isSafeInteger(value)
  return kind === 'string' && typeof value === 'string' && value.isWellFormed() && !value.includes('\0')
}
