import { expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { type Column, toBinary } from './receive-arrays.ts'

const { pool } = (await startTestServer()).ctx

const columns: [sqlType: string, column: Column][] = [
  [
    'bigint',
    { type: 'bigint', items: [0, 1, 255, 2 ** 31, 2 ** 32, 2 ** 32 + 7, Number.MAX_SAFE_INTEGER, null] },
  ],
  ['bigint', { type: 'bigint', items: [-1, -(2 ** 32), -(2 ** 32) - 7, Number.MIN_SAFE_INTEGER] }],
  ['int', { type: 'int', items: [0, -1, 2 ** 31 - 1, -(2 ** 31), null] }],
  ['boolean', { type: 'boolean', items: [true, false, true] }],
  [
    'text',
    { type: 'text', items: ['', 'NULL', null, '{a,"b"}', '\\', 'ä€😀\u2400', ' x ', 'long '.repeat(20_000)] },
  ],
  ['bytea', { type: 'bytea', items: [Buffer.alloc(0), Buffer.from([0, 255, 92]), null] }],
]

test.each(columns)('PostgreSQL reads an array of %s as it was written', async (sqlType, column) => {
  const { rows } = await pool.query(
    `select u as item from unnest($1::${sqlType}[]) with ordinality u(u, nr) order by nr`,
    [toBinary(column)],
  )
  expect(rows.map(({ item }) => item)).toEqual(column.items)
})

test('a column of which nobody has anything is null', () => {
  expect(toBinary({ type: 'text', items: [null, null] })).toBeNull()
  expect(toBinary({ type: 'text', items: [null, ''] })).not.toBeNull()
})
