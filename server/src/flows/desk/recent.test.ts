import { expect, test } from 'vitest'
import { createRecent, type Recent } from './recent.ts'

function recentOf(changes: [id: number, accountId: number, seq: number, at: number][]): Recent {
  const recent = createRecent()
  recent.restart(0)
  for (const [id, accountId, seq, at] of changes) recent.put({ id, accountId, seq, at, json: `${id}:${seq}` })
  return recent
}

const found = (recent: Recent, at: number, accounts: number[] | null = null): string[] | undefined =>
  recent.since(at, accounts, 500)?.map(({ json }) => json ?? '')

test('what changed since an instant is answered once, as it is now, of the accounts asked for', () => {
  const recent = recentOf([
    [1, 1, 1, 10],
    [2, 1, 1, 20],
    [3, 2, 1, 30],
    [1, 1, 2, 40],
  ])
  expect(found(recent, 0)?.sort()).toEqual(['1:2', '2:1', '3:1'])
  expect(found(recent, 25)?.sort()).toEqual(['1:2', '3:1'])
  expect(found(recent, 0, [1])).toEqual(['1:2', '2:1'])
  expect(found(recent, 41)).toEqual([])
})

test('an instant before everything that is known is not answered', () => {
  const recent = createRecent()
  expect(found(recent, 1)).toBeUndefined()
  recent.restart(100)
  expect(found(recent, 99)).toBeUndefined()
  expect(found(recent, 100)).toEqual([])
})

test('of a busy account the oldest is forgotten, and then nothing before it is answered, of other accounts it is', () => {
  const recent = recentOf([[9999, 2, 1, 1]])
  for (let id = 1; id <= 3000; id++) recent.put({ id, accountId: 1, seq: 1, at: id, json: '' })
  expect(recent.since(1, [1], 5000)).toBeUndefined()
  expect(recent.since(1, [2], 5000)).toHaveLength(1)
  expect(recent.since(2500, [1], 5000)).toHaveLength(501)
})

test('an interaction that changes all the time pushes no other out', () => {
  const recent = recentOf([[1, 1, 1, 1]])
  for (let seq = 1; seq <= 10_000; seq++)
    recent.put({ id: 2, accountId: 1, seq, at: 1 + seq, json: String(seq) })
  expect(found(recent, 0)).toEqual(['10000', '1:1'])
})

test('with time rows are let go first, then the changes', () => {
  const recent = recentOf([
    [1, 1, 1, 10],
    [2, 1, 1, 20],
    [3, 1, 1, 30],
  ])
  recent.age(15, 25)
  expect(found(recent, 14)).toBeUndefined()
  expect(found(recent, 15)?.sort()).toEqual(['', '3:1'])
  expect(recent.get(1)).toBeUndefined()
})
