// What a connection is asked often inside transactions is planned once, and nothing else is kept.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase, transaction } from './database.ts'
import { testDatabase } from './testing.ts'

interface DB {
  thing: { id: number; word: string }
}

const { url } = await testDatabase<DB>()
const open = async () => {
  const database = await openDatabase<DB>({ url, max: 1 })
  const kept = async (): Promise<string[]> => {
    const { rows } = await database.pool.query<{ statement: string }>(
      'select statement from pg_prepared_statements order by prepare_time',
    )
    return rows.map(({ statement }) => statement)
  }
  return { ...database, kept, [Symbol.asyncDispose]: () => database.close() }
}
const setUp = await open()
await setUp.pool.query(
  "create table thing (id int primary key, word text not null); insert into thing values (1, 'one')",
)
await setUp.close()

const times = async (count: number, work: () => Promise<unknown>): Promise<void> => {
  for (let n = 0; n < count; n++) await work()
}

test('a statement that is asked often inside transactions is kept by its connection, once', async () => {
  await using database = await open()
  const find = () =>
    transaction(database.query, (tx) => tx.selectFrom('thing').select('word').where('id', '=', 1).execute())
  await times(4, find)
  expect(await database.kept()).toEqual([])
  await times(6, find)
  expect(await database.kept()).toEqual(['select "word" from "thing" where "id" = $1'])
  expect(await find()).toEqual([{ word: 'one' }])
})

test('nothing is kept of what is asked outside of transactions, nor of lists, nor of what is very long', async () => {
  await using database = await open()
  await times(10, () => database.query.selectFrom('thing').select('id').where('id', '=', 1).execute())
  const list = database.query.selectFrom('thing').select('id').where('id', 'in', [1, 2])
  await times(10, () => transaction(database.query, (tx) => tx.executeQuery(list)))
  const long = sql`select ${sql.lit('x'.repeat(2000))}`
  await times(10, () => transaction(database.query, (tx) => long.execute(tx)))
  expect(await database.kept()).toEqual([])
})

test('after a rollback the next statement stands outside again', async () => {
  await using database = await open()
  const failing = transaction(database.query, () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  await times(10, () => database.query.selectFrom('thing').select('word').execute())
  expect(await database.kept()).toEqual([])
})

test('no connection keeps more than 150 statements', async () => {
  await using database = await open()
  await transaction(database.query, async (tx) => {
    for (let n = 0; n < 160; n++) await times(5, () => sql`select ${sql.lit(n)}::int`.execute(tx))
  })
  expect(await database.kept()).toHaveLength(150)
})

test('a column that a migration adds meanwhile is answered to a statement that was kept without it', async () => {
  await using database = await open()
  const all = () => transaction(database.query, (tx) => tx.selectFrom('thing').selectAll().execute())
  await times(6, all)
  expect(await database.kept()).toHaveLength(1)
  await using other = await open()
  await other.pool.query("alter table thing add column colour text not null default 'red'")
  expect(await all()).toEqual([{ id: 1, word: 'one', colour: 'red' }])
  await times(6, all)
  expect(await all()).toEqual([{ id: 1, word: 'one', colour: 'red' }])
})
