// Proves that each test file gets its own migrated database.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from './testing.ts'

const migrations = await mkdtemp(join(tmpdir(), 'patchbay-migrations-'))
await writeFile(
  join(migrations, '0001-first.sql'),
  'create table thing (id bigint generated always as identity primary key)',
)
afterAll(() => rm(migrations, { recursive: true }))
const first = await testDatabase(migrations)
const second = await testDatabase(migrations)

test('two test databases from the same migrations do not see each other', async () => {
  await first.database.pool.query('insert into thing default values')
  const { rows } = await second.database.pool.query('select * from thing')
  expect(rows).toEqual([])
  expect((await first.database.pool.query('select * from thing')).rows).toEqual([{ id: 1 }])
})
