// Migrations go forward once, whole, and by one program at a time.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { migrate } from './migrate.ts'
import { testDatabase } from './testing.ts'

const folder = await mkdtemp(join(tmpdir(), 'patchbay-migrations-'))
const { database, open } = await testDatabase()
const { pool } = database
const put = (file: string, sql: string): Promise<void> => writeFile(join(folder, file), sql)

beforeEach(async () => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  await pool.query('drop schema public cascade; create schema public')
  await put('0001-first.sql', 'create table first (n int);')
  await put('0002-second.sql', 'create table second (n int); insert into second values (1);')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('missing migrations are applied in order, and only once', async () => {
  expect(await migrate(pool, folder)).toEqual(['0001-first', '0002-second'])
  expect(await migrate(pool, folder)).toEqual([])
  await put('0003-third.sql', 'create table third (n int)')
  expect(await migrate(pool, folder)).toEqual(['0003-third'])
  const { rows } = await pool.query('select number, name from schema_migration order by number')
  expect(rows.map(({ number }) => number)).toEqual([1, 2, 3])
})

test('one whose number was taken ahead is applied when it comes, before or after its neighbours', async () => {
  await put('0005-fifth.sql', 'create table fifth (n int)')
  expect(await migrate(pool, folder)).toEqual(['0001-first', '0002-second', '0005-fifth'])
  await put('0004-fourth.sql', 'create table fourth (n int)')
  expect(await migrate(pool, folder)).toEqual(['0004-fourth'])
  expect(await migrate(pool, folder)).toEqual([])
})

test('several programs that start at once apply each migration once', async () => {
  const others = await Promise.all([open(2), open(2), open(2)])
  const applied = await Promise.all(
    [pool, ...others.map((other) => other.pool)].map((each) => migrate(each, folder)),
  )
  expect(applied.flat().sort()).toEqual(['0001-first', '0002-second'])
  expect((await pool.query('select * from second')).rowCount).toBe(1)
})

test('a migration that fails leaves nothing, and the message says where', async () => {
  await put('0003-third.sql', 'create table third (n int);\n\nselect nonsense;')
  await expect(migrate(pool, folder)).rejects.toThrow(
    /^migration 0003-third failed at line 3: column "nonsense" does not exist$/,
  )
  expect(
    (await pool.query("select to_regclass('third') as third, to_regclass('second') as second")).rows,
  ).toEqual([{ third: null, second: 'second' }])
  await put('0003-third.sql', 'create table third (n int)')
  expect(await migrate(pool, folder)).toEqual(['0003-third'])
})

test('an applied migration that was changed refuses to start', async () => {
  await migrate(pool, folder)
  await put('0001-first.sql', 'create table first (n bigint);')
  await expect(migrate(pool, folder)).rejects.toThrow(
    /^Migration 0001-first was changed after it was applied/,
  )
})

test('other line ends, as a checkout on Windows has them, are no change', async () => {
  await put('0001-first.sql', 'create table\nfirst (n int);')
  await migrate(pool, folder)
  await put('0001-first.sql', 'create table\r\nfirst (n int);')
  expect(await migrate(pool, folder)).toEqual([])
})

test('a database of a newer version refuses to start', async () => {
  await put('0003-third.sql', 'create table third (n int)')
  await migrate(pool, folder)
  await rm(join(folder, '0003-third.sql'))
  await expect(migrate(pool, folder)).rejects.toThrow(
    /^The database has migration 0003-third, which this program does not know/,
  )
})

test.each([
  ['0002-twice.sql', /Two migrations in .* have the number of 0002-twice/],
  ['third.sql', /must be named like 0001-first-tables.sql/],
])('the file name %s is refused', async (file, message) => {
  await put(file, 'select 1')
  await expect(migrate(pool, folder)).rejects.toThrow(message)
})
