/** What a page reads from the search in its address. */

/** Of a search in the address, the texts; anything else is left out. */
export function texts<N extends string>(
  search: Record<string, unknown>,
  ...names: N[]
): Partial<Record<N, string>> {
  const found: Partial<Record<N, string>> = {}
  for (const name of names) {
    const value = search[name]
    // A text of digits alone is read as a number.
    if (typeof value === 'string' || typeof value === 'number') found[name] = String(value)
  }
  return found
}
