/** What a migration does to what is stored already. */
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@patchbay/kit/migrate.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { expect, onTestFinished, test } from 'vitest'

const migrations = join(import.meta.dirname, '../migrations')

/** The migrations with lower numbers. */
async function before(number: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-migrations-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const files = (await readdir(migrations)).filter((file) => file < number)
  for (const file of files) await copyFile(join(migrations, file), join(folder, file))
  return folder
}

test('when messages become events of their own, the log of an interaction stays as it was', async () => {
  const { database } = await testDatabase()
  const { pool } = database
  await migrate(pool, await before('0100'))
  await pool.query(`
    insert into interaction (id, account_id, contact_id, seq) overriding system value values (1, 1, 1, 4);
    insert into message (id, interaction_id, account_id, contact_id, seq, direction, secret, body, status, user_id, created_at)
      overriding system value values
      (11, 1, 1, 1, 2, 'in', false, 'Hello', 'received', null, '2026-01-01T10:00:00Z'),
      (12, 1, 1, 1, 3, 'out', true, 'He is in a hurry', 'note', 7, '2026-01-01T10:01:00Z'),
      (13, 1, 1, 1, 4, 'out', false, 'Good morning', 'sent', 7, '2026-01-01T10:02:00Z');
    insert into event (interaction_id, seq, type, at) values (1, 1, 'opened', '2026-01-01T10:00:00Z');
    insert into event (interaction_id, seq, type, message_id, user_id, at)
      select 1, seq, case when secret then 'note' else 'message' end, id, user_id, created_at from message`)
  const log = async (table: string) => (await pool.query(`select * from ${table} order by seq`)).rows
  const stood = await log('event')
  expect(stood).toHaveLength(4)
  await migrate(pool, migrations)
  expect(await log('interaction_log')).toEqual(stood)
  expect(await log('event')).toHaveLength(3)
})
