/** Columns of a batch as arrays in PostgreSQL's binary format (array_send, array_recv): neither side writes and reads each value as text. */

export type Column =
  | { type: 'bigint' | 'int'; items: readonly (number | null)[] }
  | { type: 'boolean'; items: readonly boolean[] }
  | { type: 'text'; items: readonly (string | null)[] }
  | { type: 'bytea'; items: readonly (Buffer | null)[] }

/** As in pg_type, where they never change. */
const oids = { boolean: 16, bytea: 17, bigint: 20, int: 23, text: 25 } as const
const HEADER_BYTES = 20
// A character is three bytes at most, a surrogate pair four in two.
const MOST_BYTES_A_CHARACTER = 3

/** Null where every item is, so that the function sees at once that nobody has any. */
export function toBinary(column: Column): Buffer | null {
  const { type, items } = column
  if (items.every((item) => item === null)) return null
  const array = Buffer.allocUnsafe(HEADER_BYTES + mostBytes(column))
  let at = array.writeInt32BE(1) // dimension
  at = array.writeInt32BE(1, at) // may hold nulls
  at = array.writeInt32BE(oids[type], at)
  at = array.writeInt32BE(items.length, at)
  at = array.writeInt32BE(1, at) // the first has number 1
  for (const item of items) {
    if (item === null) {
      at = array.writeInt32BE(-1, at)
      continue
    }
    const from = at + 4
    const end = write(array, type, item, from)
    array.writeInt32BE(end - from, at)
    at = end
  }
  return array.subarray(0, at)
}

function mostBytes({ type, items }: Column): number {
  const fixed = items.length * 12
  if (type !== 'text' && type !== 'bytea') return fixed
  const perUnit = type === 'text' ? MOST_BYTES_A_CHARACTER : 1
  return items.reduce((sum, item) => sum + (item?.length ?? 0) * perUnit, fixed)
}

/** Answers where it ended. */
function write(
  array: Buffer,
  type: Column['type'],
  item: number | boolean | string | Buffer,
  at: number,
): number {
  if (typeof item === 'string') return at + array.write(item, at)
  if (typeof item === 'boolean') return array.writeUInt8(item ? 1 : 0, at)
  if (typeof item !== 'number') return at + item.copy(array, at)
  return type === 'int' ? array.writeInt32BE(item, at) : writeInt64(array, item, at)
}

// In two halves: a BigInt for each would cost more than the rest.
function writeInt64(array: Buffer, value: number, at: number): number {
  const high = Math.floor(value / 2 ** 32)
  return array.writeUInt32BE(value - high * 2 ** 32, array.writeInt32BE(high, at))
}
