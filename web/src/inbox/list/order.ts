/** Keeps the ids of a view in order while rows change, without sorting ten thousand of them again for each. Pure. */
import type { InboxRow } from '@patchbay/protocol/api/interactions.ts'

export interface Ordered {
  readonly rows: ReadonlyMap<number, InboxRow>
  /** The rows of the view, in its order. */
  readonly list: readonly InboxRow[]
}

export interface Place {
  belongs(row: InboxRow): boolean
  compare(a: InboxRow, b: InboxRow): number
}

/** Above this share of changed rows sorting all of them is cheaper. */
const sortShare = 0.05

export function order(rows: ReadonlyMap<number, InboxRow>, place: Place): Ordered {
  return { rows, list: [...rows.values()].filter(place.belongs).sort(place.compare) }
}

/** The order after `rows` replaced `before.rows`; the same list when nothing in it changed. */
export function reorder(
  before: Ordered,
  rows: ReadonlyMap<number, InboxRow>,
  { belongs, compare }: Place,
): Ordered {
  if (rows === before.rows) return before
  const changed: InboxRow[] = []
  for (const row of rows.values()) if (before.rows.get(row.id) !== row) changed.push(row)
  let gone = false
  for (const id of before.rows.keys()) {
    if (!rows.has(id)) {
      gone = true
      break
    }
  }
  if (gone || changed.length > 50 + before.list.length * sortShare) return order(rows, { belongs, compare })

  const ids = new Set(changed.map(({ id }) => id))
  const arrived = changed.filter(belongs)
  const stays = (row: InboxRow) => !ids.has(row.id)
  if (arrived.length === 0 && before.list.every(stays)) return { rows, list: before.list }
  const list = before.list.filter(stays)
  for (const row of arrived) list.splice(indexFor(list, row, compare), 0, row)
  return { rows, list }
}

function indexFor(
  list: readonly InboxRow[],
  row: InboxRow,
  compare: (a: InboxRow, b: InboxRow) => number,
): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const there = list[middle]
    if (there !== undefined && compare(there, row) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

/** The rows of `next` in the order of `shown`; new ones at the end, so that nothing jumps under the pointer. */
export function inPlace(shown: readonly InboxRow[], next: Ordered): readonly InboxRow[] {
  if (next.list === shown) return shown
  const fresh = new Map(next.list.map((row) => [row.id, row]))
  const kept = shown.flatMap(({ id }) => {
    const row = fresh.get(id)
    fresh.delete(id)
    return row ?? []
  })
  const list = [...kept, ...fresh.values()]
  return list.length === shown.length && list.every((row, at) => row === shown[at]) ? shown : list
}
