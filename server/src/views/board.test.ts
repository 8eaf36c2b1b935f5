import { testDatabase } from '@patchbay/kit/testing.ts'
import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { migrationsDir } from '../boot.ts'
import type { DB } from '../database.gen.ts'
import { createBoard } from './board.ts'

const { database } = await testDatabase<DB>(migrationsDir)
const db = database.query

beforeEach(async () => {
  await sql`truncate interaction, event`.execute(db)
})

async function make(accountId: number, userId: number | null, contactId: number): Promise<number> {
  const { id } = await db
    .insertInto('interaction')
    .values({ account_id: accountId, contact_id: contactId, user_id: userId })
    .returning('id')
    .executeTakeFirstOrThrow()
  await sql`select append_event(${id}, 'opened', null, null, null)`.execute(db)
  return id
}

async function counted(userId: number, accountIds: number[]) {
  const { rows } = await sql<{ mine: number; waiting: number; team: number }>`
    select count(*) filter (where user_id = ${userId})::int as mine,
           count(*) filter (where user_id is null)::int as waiting,
           count(*) filter (where user_id <> ${userId})::int as team
    from interaction where closed_at is null and account_id = any(${accountIds}::bigint[])`.execute(db)
  return rows[0]
}

test('the numbers at start are those of the database, by account and person', async () => {
  let contact = 0
  for (const [accountId, userId, times] of [
    [1, null, 3],
    [1, 7, 2],
    [2, 7, 1],
    [2, 8, 4],
    [3, null, 5],
  ] as const)
    for (let count = 0; count < times; count++) await make(accountId, userId, ++contact)
  const board = createBoard(db)
  await board.fresh()
  expect(board.counts(7, new Set([1, 2]))).toEqual({ mine: 3, waiting: 3, team: 4 })
  expect(board.counts(7, new Set([1]))).toEqual({ mine: 2, waiting: 3, team: 0 })
  expect(board.counts(9, null)).toEqual({ mine: 0, waiting: 8, team: 7 })
  expect(board.slotsUsed(7)).toBe(3)
})

test('what changed without a word to the board is found by its next look', async () => {
  const board = createBoard(db)
  await board.poll()
  const id = await make(1, null, 1)
  expect(board.counts(7, null).waiting).toBe(0)
  const { changes } = await board.poll()
  expect(changes).toEqual([{ id, seq: 1, accountId: 1, userId: null, isOpen: true }])
  expect(board.counts(7, null)).toEqual({ mine: 0, waiting: 1, team: 0 })
  expect(board.accountOf(id)).toBe(1)
})

test('whatever is told in whatever order and however often, the next look makes the numbers true', async () => {
  const place = fc.record({
    which: fc.nat({ max: 5 }),
    accountId: fc.integer({ min: 1, max: 2 }),
    userId: fc.option(fc.integer({ min: 7, max: 8 })),
    isOpen: fc.boolean(),
  })
  const ids: number[] = []
  for (let contact = 1; contact <= 6; contact++) ids.push(await make(1 + (contact % 2), null, contact))
  await fc.assert(
    fc.asyncProperty(
      fc.array(place, { maxLength: 12 }),
      fc.array(place, { maxLength: 12 }),
      async (done, told) => {
        const board = createBoard(db)
        await board.fresh()
        for (const { which, userId, isOpen } of done)
          await sql`update interaction set user_id = ${userId}::bigint, closed_at = ${isOpen ? null : new Date()}::timestamptz
                  where id = ${ids[which] ?? 0}`.execute(db)
        board.put(told.map(({ which, ...rest }) => ({ id: ids[which] ?? 0, ...rest })))
        await board.poll()
        for (const userId of [7, 8])
          for (const accounts of [[1], [2], [1, 2]])
            expect(board.counts(userId, new Set(accounts))).toEqual(await counted(userId, accounts))
      },
    ),
    { numRuns: 25 },
  )
})
