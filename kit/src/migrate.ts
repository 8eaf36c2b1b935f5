// Brings a database forward by numbered SQL files: NNNN-name.sql, each in its own transaction, never changed, never undone.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from './config.ts'
import type { Pool, PoolClient } from './database.ts'

export interface Migration {
  number: number
  name: string
  sql: string
  checksum: string
}

export const OLDEST_POSTGRES = 15

// Any constant does, as long as every program that migrates takes the same one.
const LOCK = 7_140_551

/** Applies what is missing and answers the names of what it applied. Several programs may call it at the same time. */
export async function migrate(pool: Pool, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const client = await pool.connect()
  try {
    await checkVersion(client)
    await client.query('select pg_advisory_lock($1)', [LOCK])
    try {
      return await applyMissing(client, migrations)
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCK])
    }
  } finally {
    client.release()
  }
}

export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const migrations = await Promise.all(files.map((file) => readMigration(folder, file)))
  // Gaps are fine: branches take numbers ahead, and land in any order.
  migrations.forEach(({ number, name }, index) => {
    if (number === migrations[index - 1]?.number)
      throw new StartError(`Two migrations in ${folder} have the number of ${name}.`)
  })
  return migrations
}

async function readMigration(folder: string, file: string): Promise<Migration> {
  const number = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1]
  if (!number) throw new StartError(`A migration must be named like 0001-first-tables.sql, not ${file}.`)
  const sql = await readFile(join(folder, file), 'utf8')
  const checksum = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex')
  return { number: Number(number), name: file.slice(0, -'.sql'.length), sql, checksum }
}

async function checkVersion(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num')
  const major = Math.floor(Number(rows[0]?.server_version_num) / 10_000)
  if (major < OLDEST_POSTGRES)
    throw new StartError(`The database is PostgreSQL ${major}; ${OLDEST_POSTGRES} or newer is needed.`)
}

async function applyMissing(client: PoolClient, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(`create table if not exists schema_migration (
    number integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`)
  const { rows } = await client.query<Omit<Migration, 'sql'>>(
    'select number, name, checksum from schema_migration order by number',
  )
  const known = new Map(migrations.map((migration) => [migration.number, migration]))
  for (const applied of rows) checkApplied(applied, known.get(applied.number))
  const applied = new Set(rows.map(({ number }) => number))
  const missing = migrations.filter(({ number }) => !applied.has(number))
  for (const migration of missing) await apply(client, migration)
  return missing.map(({ name }) => name)
}

function checkApplied(applied: Omit<Migration, 'sql'>, known: Migration | undefined): void {
  if (!known) {
    throw new StartError(
      `The database has migration ${applied.name}, which this program does not know: it was used by a newer version.`,
    )
  }
  if (known.checksum !== applied.checksum) {
    throw new StartError(
      `Migration ${known.name} was changed after it was applied to this database: put the original file back and write a new migration.`,
    )
  }
}

async function apply(client: PoolClient, { number, name, sql, checksum }: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(sql)
    await client.query('insert into schema_migration (number, name, checksum) values ($1, $2, $3)', [
      number,
      name,
      checksum,
    ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`migration ${name} failed${place(sql, error)}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function place(sql: string, error: unknown): string {
  const position = Number((error as { position?: string }).position)
  return position > 0 ? ` at line ${[...sql].slice(0, position).join('').split('\n').length}` : ''
}
