import type { InboxRow } from '@patchbay/protocol/api/interactions.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeIn } from '../filters.ts'
import { at, row } from '../rows-testing.ts'
import { inPlace, order, reorder } from './order.ts'

const mapOf = (rows: readonly InboxRow[]) => new Map(rows.map((one) => [one.id, one]))
const ids = ({ list }: { list: readonly InboxRow[] }) => list.map(({ id }) => id)
const mine = placeIn('mine', {}, 7)

test('changed rows move, come and go as if all were sorted again', () => {
  const change = fc.record({ id: fc.integer({ min: 1, max: 40 }), second: fc.nat(100), isMine: fc.boolean() })
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }), (rounds) => {
      let rows = mapOf([])
      let ordered = order(rows, mine)
      for (const round of rounds) {
        rows = new Map(rows)
        for (const { id, second, isMine } of round) {
          rows.set(id, row(id, { lastMessageAt: at(second), user: isMine ? { id: 7, fullname: 'M' } : null }))
        }
        ordered = reorder(ordered, rows, mine)
        expect(ids(ordered)).toEqual(ids(order(rows, mine)))
      }
    }),
  )
})

test('a row that is no longer known leaves the list', () => {
  const before = order(mapOf([row(1), row(2)]), mine)
  expect(ids(reorder(before, mapOf([row(2)]), mine))).toEqual([2])
})

test('rows of another view leave the list the same, so that nothing is drawn again', () => {
  const rows = mapOf([row(1), row(2)])
  const before = order(rows, mine)
  const after = reorder(before, new Map(rows).set(3, row(3, { user: null })), mine)
  expect(after.list).toBe(before.list)
})

test('under the pointer rows keep their places, and new ones come at the end', () => {
  const shown = order(mapOf([row(1), row(2), row(3)]), mine).list
  const next = order(
    mapOf([row(1, { lastMessageAt: at(99) }), row(3), row(4, { lastMessageAt: at(50) })]),
    mine,
  )
  expect(ids(next)).toEqual([1, 4, 3])
  expect(ids({ list: inPlace(shown, next) })).toEqual([3, 1, 4])
})
