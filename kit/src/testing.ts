// Gives a test file a fresh database, cloned from a template that was migrated once per run.
import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { migrate, readMigrations } from './migrate.ts'
import type {} from './testing-setup.ts'

export interface TestDatabase<DB> {
  url: string
  database: Database<DB>
  /** Opens further connections, as a second program would. The end of the test file closes them. */
  open(max?: number): Promise<Database<DB>>
}

/**
 * Call it at the top of a test file: `const { database } = await testDatabase<DB>(migrations)`. The database is
 * dropped after the file's last test. Without migrations it is empty.
 */
export async function testDatabase<DB>(migrationsDir?: string): Promise<TestDatabase<DB>> {
  const server = inject('postgresUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  const template = migrationsDir ? await ensureTemplate(server, migrationsDir) : 'template0'
  await asAdmin(server, (admin) => admin.query(`create database ${name} template ${template}`))

  const url = withDatabase(server, name)
  const opened: Database<DB>[] = []
  const open = async (max = 10): Promise<Database<DB>> => {
    const database = await openDatabase<DB>({ url, max, applicationName: name })
    opened.push(database)
    return database
  }
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()))
    await asAdmin(server, (admin) => admin.query(`drop database if exists ${name} with (force)`))
  })
  return { url, database: await open(), open }
}

async function ensureTemplate(server: string, migrationsDir: string): Promise<string> {
  const hash = createHash('sha256').update(migrationsDir)
  for (const { checksum } of await readMigrations(migrationsDir)) hash.update(checksum)
  const name = `template_${hash.digest('hex').slice(0, 12)}`
  await asAdmin(server, async (admin) => {
    await admin.query('select pg_advisory_lock(42)')
    const { rows } = await admin.query('select datistemplate from pg_database where datname = $1', [name])
    if (rows[0]?.datistemplate) return
    await admin.query(`drop database if exists ${name}`)
    await admin.query(`create database ${name} template template0`)
    const database = await openDatabase({ url: withDatabase(server, name), max: 1 })
    await migrate(database.pool, migrationsDir).finally(() => database.close())
    await admin.query(`alter database ${name} is_template true`)
  })
  return name
}

async function asAdmin(server: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await work(admin).finally(() => admin.end())
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
