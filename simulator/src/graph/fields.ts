/** The `fields` parameter: `id,from,comments.limit(3){id,message}`. */

/** Name of a field -> what is asked of it. */
export type FieldTree = ReadonlyMap<string, FieldTree>

export function parseFields(text: string): FieldTree {
  let at = 0
  function level(): FieldTree {
    const tree = new Map<string, FieldTree>()
    while (at < text.length) {
      const name = /^[\s,]*([a-z_]*)/i.exec(text.slice(at))
      at += name?.[0].length ?? 0
      // Modifiers such as .limit(3) and .order(...) are read and not followed: the box is small.
      const modifiers = /^(?:\.[a-z_]+\([^)]*\))+/i.exec(text.slice(at))
      at += modifiers?.[0].length ?? 0
      let inner: FieldTree = new Map()
      if (text[at] === '{') {
        at++
        inner = level()
      }
      if (name?.[1]) tree.set(name[1], inner)
      if (text[at] === '}') {
        at++
        return tree
      }
      if (text[at] !== ',' && !/\s/.test(text[at] ?? '')) break
    }
    return tree
  }
  return level()
}

/** What is there of what was asked; `id` always comes along. Values may be functions, for what is only made when asked. */
export function pick(record: Readonly<Record<string, unknown>>, asked: FieldTree): Record<string, unknown> {
  const picked: Record<string, unknown> = {}
  for (const [name, inner] of asked) {
    const made = record[name]
    const value: unknown = typeof made === 'function' ? made() : made
    if (value !== undefined) picked[name] = inner.size > 0 ? pickInside(value, inner) : plain(value)
  }
  if (record.id !== undefined) picked.id = record.id
  return picked
}

function pickInside(value: unknown, inner: FieldTree): unknown {
  if (Array.isArray(value)) return value.map((item) => pickInside(item, inner))
  if (typeof value !== 'object' || value === null) return value
  const { data } = value as { data?: unknown }
  if (Array.isArray(data)) return { ...value, data: data.map((item) => pickInside(item, inner)) }
  return pick(value as Record<string, unknown>, inner)
}

/** Lists of whole records, when nothing was asked of them in particular, show no more than their plain values. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => typeof member !== 'function')
      .map(([name, member]) => [name, plain(member)]),
  )
}
