/** The house stands as planned: floors, rooms, tables, sizes. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { expect, test } from 'vitest'
import { findBreaches } from './house.ts'
import { ownedTables } from './house-tables.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

async function readHouse(): Promise<Map<string, string>> {
  const sources = new Map<string, string>()
  const exclude = (path: string): boolean => /(^|\/)(node_modules|dist|data|\.[^/]+)$/.test(path)
  for await (const path of glob('**/*.{ts,tsx,js,css}', { cwd: root, exclude })) {
    sources.set(path, readFileSync(join(root, path), 'utf8'))
  }
  return sources
}

const house = await readHouse()

test('every source file that git knows was looked at', () => {
  const known = execFileSync('git', ['ls-files', '*.ts', '*.tsx', '*.js', '*.css'], {
    cwd: root,
    encoding: 'utf8',
  })
  const tracked = known.split('\n').filter(Boolean)
  expect(tracked.length).toBeGreaterThan(100)
  expect(tracked.filter((path) => !house.has(path))).toEqual([])
})

test('nobody imports upward, no room enters another, no table is written by a stranger, no file is too long', () => {
  expect(findBreaches(house)).toEqual([])
})

test.each(['server', 'cloud'] as const)(
  'every table of the %s has a room that writes it',
  async (program) => {
    const { database } = await testDatabase(join(root, program, 'migrations'))
    const { rows } = await database.pool.query<{ name: string }>(
      `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'schema_migration'`,
    )
    expect(rows.map(({ name }) => name).sort()).toEqual(ownedTables(program).sort())
  },
)

// Each of these breaks one rule; a check that let one pass would let it pass in the house as well.
test.each([
  {
    rule: 'a lower floor imports a higher one',
    files: { 'kit/src/a.ts': `import '@patchbay/server/app.ts'`, 'server/src/app.ts': '' },
    breach: /imports .*app\.ts/,
  },
  {
    rule: 'the cellar imports a room',
    files: { 'server/src/push/a.ts': `import '../people/b.ts'`, 'server/src/people/b.ts': '' },
    breach: /imports upward/,
  },
  {
    rule: 'a room imports another, for a type alone',
    files: {
      'server/src/people/a.ts': `import type { B } from '../accounts/b.ts'`,
      'server/src/accounts/b.ts': 'export type B = 1',
    },
    breach: /another room/,
  },
  {
    rule: 'a room hands another on',
    files: {
      'server/src/people/a.ts': `export { b } from '../accounts/b.ts'`,
      'server/src/accounts/b.ts': 'export const b = 1',
    },
    breach: /another room/,
  },
  {
    rule: 'a room imports another when it runs',
    files: { 'server/src/people/a.ts': `await import('../accounts/b.ts')`, 'server/src/accounts/b.ts': '' },
    breach: /another room/,
  },
  {
    rule: 'the product imports what is for tests',
    files: { 'server/src/flows/a.ts': `import '../testing.ts'`, 'server/src/testing.ts': '' },
    breach: /for tests/,
  },
  {
    rule: 'one program imports another',
    files: { 'demo/src/a.ts': `import '@patchbay/server/db.ts'`, 'server/src/db.ts': '' },
    breach: /another program/,
  },
  {
    rule: 'the product needs the simulator, in a test alone',
    files: {
      'cloud/src/a.test.ts': `import '@patchbay/simulator/simulator.ts'`,
      'simulator/src/simulator.ts': '',
    },
    breach: /only demo and e2e/,
  },
  {
    rule: 'the simulator knows the words of the product',
    files: {
      'simulator/src/a.ts': `import type { Reply } from '@patchbay/protocol/open-channel.ts'`,
      'protocol/src/open-channel.ts': '',
    },
    breach: /the kit alone/,
  },
  {
    rule: 'a stranger writes a table by the query builder',
    files: { 'server/src/flows/a.ts': `tx.insertInto('account').values({})` },
    breach: /belongs to accounts/,
  },
  {
    rule: 'a stranger writes a table in SQL',
    files: { 'server/src/routing/a.ts': 'sql`with x as (update interaction i set state = 1) select 1`' },
    breach: /belongs to interactions/,
  },
  {
    rule: 'a stranger writes a table of the cloud',
    files: { 'cloud/src/people/a.ts': `tx.updateTable('integration').set({})` },
    breach: /belongs to integrations/,
  },
  {
    rule: 'a room of the cloud imports another',
    files: {
      'cloud/src/people/a.ts': `import '../integrations/b.ts'`,
      'cloud/src/integrations/b.ts': '',
    },
    breach: /another room/,
  },
  {
    rule: 'the environment is read beside main',
    files: { 'server/src/people/a.ts': 'export const port = process.env.PORT' },
    breach: /process\.env/,
  },
  {
    rule: 'a file is too long',
    files: { 'web/src/a.ts': 'export {}\n'.repeat(401) },
    breach: /401 lines/,
  },
  {
    rule: 'files import each other in a circle of three',
    files: {
      'web/src/a.ts': `import './b.ts'`,
      'web/src/b.ts': `import type { C } from './c.ts'`,
      'web/src/c.ts': `import './a.ts'\nexport type C = 1`,
    },
    breach: /circle: web\/src\/a\.ts, web\/src\/b\.ts, web\/src\/c\.ts/,
  },
])('it is noticed when $rule', ({ files, breach }) => {
  const sources = Object.entries(files).filter((file) => file[1] !== undefined)
  expect(findBreaches(new Map(sources))).toEqual([expect.stringMatching(breach)])
})
