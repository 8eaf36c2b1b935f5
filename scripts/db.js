// Keeps schema.sql and the row types equal to what the migrations make: `dump` writes them, `check` compares.
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '@patchbay/kit/database.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { migrate } from '@patchbay/kit/migrate.ts'
import { generateRowTypes } from '@patchbay/kit/row-types.ts'
import { dumpSchema } from '@patchbay/kit/schema-dump.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const programs = ['server', 'cloud'].filter((name) => existsSync(join(root, name, 'migrations')))
const command = process.argv[2]
if (command !== 'dump' && command !== 'check') {
  console.error('Usage: node scripts/db.js dump | check')
  process.exit(1)
}

const folder = await mkdtemp(join(tmpdir(), 'patchbay-db-'))
const postgres = await startEmbedded({ dataDir: join(folder, 'pg'), settings: { fsync: 'off' } })
try {
  for (const program of programs) {
    for (const [file, content] of await generate(program))
      await (command === 'dump' ? write : check)(file, content)
  }
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}

/** @param {string} program @returns {Promise<[file: string, content: string][]>} */
async function generate(program) {
  const admin = await openDatabase({ url: postgres.url, max: 1 })
  await admin.pool.query(`create database ${program} template template0`)
  await admin.close()
  const url = new URL(postgres.url)
  url.pathname = `/${program}`
  const database = await openDatabase({ url: url.href, max: 1 })
  try {
    await migrate(database.pool, join(root, program, 'migrations'))
    const schema = await dumpSchema(database.pool)
    const types = await generateRowTypes(database.pool)
    const page =
      '-- The whole database on one page, as the migrations make it. Written by `npm run db:dump`.\n\n'
    const rows =
      '// The row types of the database, as the migrations make it. Written by `npm run db:dump`.\n'
    return [
      [join(root, program, 'schema.sql'), page + schema],
      [join(root, program, 'src', 'database.gen.ts'), rows + types],
    ]
  } finally {
    await database.close()
  }
}

/** @param {string} file @param {string} content */
async function write(file, content) {
  await writeFile(file, content)
  console.error(`wrote ${relative(root, file)}`)
}

/** @param {string} file @param {string} content */
async function check(file, content) {
  const stored = await readFile(file, 'utf8').catch(() => undefined)
  if (stored === content) return
  console.error(
    `${relative(root, file)} is not what the migrations make: run \`npm run db:dump\` and commit it.`,
  )
  process.exitCode = 1
}
