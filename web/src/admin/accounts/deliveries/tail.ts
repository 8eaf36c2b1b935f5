/**
 * How new rows come into a log that is being read. Known rows change in place at once; new ones come in at the top, and while somebody
 * points at the rows they wait, so that nothing moves under the pointer. Pure.
 */
import type { LogRow } from '@patchbay/protocol/api/log.ts'

export interface LogPage {
  rows: LogRow[]
  cursor?: string | null
}

/** A newest page that is as long holds only the newest rows. */
export const pageSize = 50

/** What was fetched so far, newest first; `Shown` is what the query library keeps of a list of pages. */
export interface Shown<P extends LogPage> {
  pages: P[]
  pageParams: unknown[]
}

/** Rows of the newest page that are not shown yet. */
export function waiting({ pages }: Shown<LogPage>, head: LogPage): number {
  const known = new Set(pages.flatMap(({ rows }) => rows.map(({ id }) => id)))
  return head.rows.filter(({ id }) => !known.has(id)).length
}

export function withHead<P extends LogPage>(shown: Shown<P>, head: P, isHeld: boolean): Shown<P> {
  const fresh = new Map(head.rows.map((row) => [row.id, row]))
  const [first, ...older] = shown.pages
  if (isHeld || !first) return { ...shown, pages: shown.pages.map((page) => renewed(page, fresh)) }
  const known = new Set(shown.pages.flatMap(({ rows }) => rows.map(({ id }) => id)))
  const isTorn = head.rows.length >= pageSize && !head.rows.some(({ id }) => known.has(id))
  // More has come than one page holds: what is between is fetched by going on from the newest page.
  if (isTorn || !head.cursor) return { pages: [head], pageParams: shown.pageParams.slice(0, 1) }
  // Down to its last row the newest page is all there is: what it lacks no longer belongs.
  const all = shown.pages.flatMap(({ rows }) => rows.map(({ id }) => id))
  const edge = all.indexOf(head.rows.at(-1)?.id ?? '')
  const covered = new Set([...fresh.keys(), ...all.slice(0, edge + 1)])
  const rest = ({ rows }: P): LogRow[] => rows.filter(({ id }) => !covered.has(id))
  return {
    ...shown,
    pages: [
      { ...first, rows: [...head.rows, ...rest(first)] },
      ...older.map((page) => ({ ...page, rows: rest(page) })),
    ],
  }
}

function renewed<P extends LogPage>(page: P, fresh: ReadonlyMap<string, LogRow>): P {
  return { ...page, rows: page.rows.map((row) => fresh.get(row.id) ?? row) }
}
