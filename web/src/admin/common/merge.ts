/** What was changed in a form, and how it meets what somebody else has saved meanwhile. */
export type Flat = Record<string, unknown>

export function changedNames<T extends Flat>(before: T, after: T): (keyof T & string)[] {
  return Object.keys(after).filter((name) => !isSame(before[name], after[name]))
}

export function changesOf<T extends Flat>(before: T, after: T): Partial<T> {
  const changes: Partial<T> = {}
  for (const name of changedNames(before, after)) changes[name] = after[name]
  return changes
}

/** Mine where I changed something, theirs elsewhere and where I take theirs. */
export function merged<T extends Flat>(
  base: T,
  mine: T,
  theirs: T,
  taken: ReadonlySet<string> = new Set(),
): T {
  const kept = Object.entries(changesOf(base, mine)).filter(([name]) => !taken.has(name))
  return { ...theirs, ...(Object.fromEntries(kept) as Partial<T>) }
}

export interface Difference {
  name: string
  mine: unknown
  theirs: unknown
  /** Both changed it, and not to the same: one must give way. */
  isClash: boolean
}

/** What the other changed, as I would find it: clashes first. */
export function differences<T extends Flat>(base: T, mine: T, theirs: T): Difference[] {
  const clashing = new Set<string>(clashes(base, mine, theirs))
  return changedNames(base, theirs)
    .filter((name) => !isSame(mine[name], theirs[name]))
    .map((name) => ({ name, mine: mine[name], theirs: theirs[name], isClash: clashing.has(name) }))
    .sort((one, other) => Number(other.isClash) - Number(one.isClash))
}

/** Changed by both, and not to the same. */
export function clashes<T extends Flat>(base: T, mine: T, theirs: T): (keyof T & string)[] {
  return changedNames(base, mine).filter(
    (name) => !isSame(base[name], theirs[name]) && !isSame(mine[name], theirs[name]),
  )
}

/** Lists and objects are compared by what they hold; an empty number is the same as another empty number. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  return typeof one === 'object' && typeof other === 'object' && JSON.stringify(one) === JSON.stringify(other)
}
