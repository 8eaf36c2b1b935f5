/** Where a row stands in the delivery log, newest first, and how two sources that were read only so far are put together. */

/** `at` in microseconds since 1970; calls stand before what went out, and that before what came in, of the same instant. */
export interface Position {
  at: number
  rank: number
  key: number
}

export const ranks = { in: 0, out: 1, call: 2 } as const
export const LAST_KEY = Number.MAX_SAFE_INTEGER

export interface Found<R> {
  rows: readonly (Position & { row: R })[]
  /** What is older was not looked at; null: there is nothing older. */
  until: Position | null
}

/** Negative: `a` is newer. */
export function compare(a: Position, b: Position): number {
  return b.at - a.at || b.rank - a.rank || b.key - a.key
}

/**
 * The newest `limit` rows of all sources, and where to go on (null: that was all). A source may have looked through all it may at a time
 * and found little: rows beyond that point wait for the next page, or newer ones of that source would come after older ones.
 */
export function putTogether<R>(
  sources: readonly Found<R>[],
  limit: number,
): { rows: R[]; next: Position | null } {
  const ends = sources.flatMap(({ until }) => until ?? []).sort(compare)
  const end = ends[0]
  const known = sources
    .flatMap(({ rows }) => rows)
    .filter((row) => !end || compare(row, end) <= 0)
    .sort(compare)
  const shown = known.slice(0, limit)
  const last = shown.at(-1)
  const next = known.length > limit && last ? last : (end ?? null)
  return { rows: shown.map(({ row }) => row), next: next && { at: next.at, rank: next.rank, key: next.key } }
}
