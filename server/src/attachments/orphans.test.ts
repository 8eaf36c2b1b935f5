/** Which files are taken for left behind. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createLog } from '@patchbay/kit/log.ts'
import { beforeEach, expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'
import { removeOrphans } from './orphans.ts'

const { ctx: context, admin } = await startTestServer()
const folder = context.config.attachmentsDir
const lines: string[] = []
const ctx = {
  ...context,
  log: createLog({ program: 'test', level: 'info', write: (line) => void lines.push(line) }),
}
const remove = () => removeOrphans(ctx, new AbortController().signal)
const digits = (number: number): string => number.toString(16).padStart(32, '0')
const DAY_MS = 24 * 3600_000

async function put(path: string, ageMs: number): Promise<string> {
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, 'bytes')
  const at = new Date(Date.now() - ageMs)
  await utimes(file, at, at)
  return path
}

async function know(path: string): Promise<void> {
  await ctx.db
    .insertInto('attachment')
    .values({
      name: 'a',
      type: 'text/plain',
      size_bytes: 5,
      path,
      digest: Buffer.alloc(32),
      user_id: admin.id,
    })
    .execute()
}

const there = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

beforeEach(async () => {
  lines.length = 0
  await ctx.pool.query('delete from attachment')
})

test('a file without a row goes after a day; one with a row, a young one and one that is not ours stay', async () => {
  const known = await put(join('aa', digits(1)), 2 * DAY_MS)
  await know(known)
  const orphan = await put(join('aa', digits(2)), 2 * DAY_MS)
  const young = await put(join('bb', digits(3)), DAY_MS / 2)
  const foreign = await put(join('notes', 'readme.txt'), 9 * DAY_MS)
  expect(await there()).toContain(orphan)
  expect(await remove()).toBe(1)
  expect(await there()).toEqual([known, young, foreign].sort())
  expect(await remove()).toBe(0)
})

test("where most files have no row nothing is removed: the folder may be another installation's", async () => {
  for (let number = 0; number < 120; number++) await put(join('cc', digits(100 + number)), 2 * DAY_MS)
  const before = await there()
  expect(await remove()).toBe(0)
  expect(await there()).toEqual(before)
  expect(lines.join('')).toContain('is this the right ATTACHMENTS_DIR?')
})
