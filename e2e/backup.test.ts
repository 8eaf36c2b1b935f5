// A backup is taken while messages pour in, restored into an empty folder, started, and compared with what was acknowledged.
import { spawn, spawnSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { admin, client, dataFolder, type Program, startProgram } from './program.ts'

const server = fileURLToPath(new URL('../server/', import.meta.url))
let folder: Awaited<ReturnType<typeof dataFolder>>
let program: Program | undefined
let account: { id: number; receiveUrl: string }
let attachment: { id: number }
/** Bodies of messages that were answered with 200, in the order of the answers. */
const acknowledged: string[] = []
let before = 0

beforeAll(async () => {
  folder = await dataFolder()
  program = await startProgram({ dataDir: join(folder.path, 'data') })
  const api = client(program.origin)
  account = await api.send('POST', '/api/openchannel/accounts', {
    name: 'Shop',
    listId: 1,
    rateBurst: 1_000_000,
    ratePerSecond: 1_000_000,
  })
  const form = new FormData()
  form.set('file', new Blob(['%PDF-1.4 an invoice']), 'invoice.pdf')
  const authorization = `Basic ${Buffer.from(`${admin.email}:${admin.password}`).toString('base64')}`
  const headers = { authorization }
  const answer = await fetch(`${program.origin}/api/attachments`, { method: 'POST', headers, body: form })
  expect(answer.status).toBe(201)
  attachment = (await answer.json()) as { id: number }
})
afterAll(async () => {
  await program?.kill()
  await folder?.remove()
})

const tokenOf = (made: { receiveUrl: string }) => new URL(made.receiveUrl).searchParams.get('token')

function run(script: 'backup.js' | 'restore.js', dataDir: string, argument: string) {
  const env = { PATH: process.env.PATH ?? '', DATA_DIR: dataDir }
  return spawnSync(process.execPath, [join(server, script), argument], { env, encoding: 'utf8' })
}

async function say(body: string): Promise<void> {
  const answer = await fetch(account.receiveUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: `+39${acknowledged.length % 50}`, mapKey: 'phone', body }),
  })
  if (answer.status === 200) acknowledged.push(body)
}

async function bodiesIn(origin: string): Promise<Set<string>> {
  const api = client(origin)
  const bodies = new Set<string>()
  for (let offset = 0; ; offset += 200) {
    const { rows } = await api.get<{ rows: { id: number }[] }>(
      `/api/openchannel/interactions?limit=200&offset=${offset}`,
    )
    for (const { id } of rows) {
      const path = `/api/openchannel/interactions/${id}/messages?limit=200`
      for (let from = 0; ; from += 200) {
        const page = await api.get<{ rows: { body: string }[] }>(`${path}&offset=${from}`)
        for (const { body } of page.rows) bodies.add(body)
        if (page.rows.length < 200) break
      }
    }
    if (rows.length < 200) return bodies
  }
}

const backup = () => join(folder.path, 'backup')

test('a backup under load holds what was acknowledged before it began, and ends with a warning about the key', async () => {
  const running = { dataDir: join(folder.path, 'data') }
  let pouring = true
  const load = Promise.all(
    Array.from({ length: 4 }, async (_, lane) => {
      for (let number = 0; pouring; number++) await say(`message ${lane}-${number}`)
    }),
  )
  while (acknowledged.length < 200) await new Promise((resume) => setTimeout(resume, 10))
  before = acknowledged.length
  const child = spawn(process.execPath, [join(server, 'backup.js'), backup()], {
    env: { PATH: process.env.PATH ?? '', DATA_DIR: running.dataDir },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const code = await new Promise((done) => child.once('close', done))
  pouring = false
  await load
  expect(output).toMatch(/Backup: [\d.]+ of [\d.]+ MB/)
  expect(output).toMatch(/The backup is whole/)
  expect(output).toMatch(/secret key/)
  expect(code).toBe(0)
  expect(acknowledged.length).toBeGreaterThan(before)
  expect((await stat(backup())).mode & 0o777).toBe(0o700)
})

test('the program goes on as before, and no slot is left to hold its log back', async () => {
  await say('after the backup')
  expect(acknowledged).toContain('after the backup')
  // It goes with the connection that held it, whose end the database notices by itself.
  const slots = join(folder.path, 'data/server/postgres/cluster/pg_replslot')
  await vi.waitFor(async () => expect(await readdir(slots)).toEqual([]), { timeout: 20_000, interval: 50 })
})

test('a folder with something in it is not taken, and neither is one that holds no backup', async () => {
  const again = run('backup.js', join(folder.path, 'data'), backup())
  expect([again.status, again.stderr]).toEqual([1, expect.stringMatching(/is not empty/)])
  const none = run('restore.js', join(folder.path, 'none'), folder.path)
  expect([none.status, none.stderr]).toEqual([1, expect.stringMatching(/holds no whole backup/)])
  const over = run('restore.js', join(folder.path, 'data'), backup())
  expect([over.status, over.stderr]).toEqual([1, expect.stringMatching(/is not empty/)])
})

test('restored into an empty DATA_DIR it starts, with every message, the file, the key and the sign-in', async () => {
  await program?.kill()
  const dataDir = join(folder.path, 'restored')
  const restored = run('restore.js', dataDir, backup())
  expect(restored.stderr).toMatch(/Restore: [\d.]+ of [\d.]+ MB/)
  expect([restored.status, restored.stdout]).toEqual([
    0,
    expect.stringMatching(/Restored into .*: \d+ messages/),
  ])
  program = await startProgram({ dataDir })
  const bodies = await bodiesIn(program.origin)
  expect(acknowledged.slice(0, before).filter((body) => !bodies.has(body))).toEqual([])
  const all = new Set(acknowledged)
  expect([...bodies].filter((body) => !all.has(body)).length).toBeLessThanOrEqual(4)
  const api = client(program.origin)
  const file = await api.raw('GET', `/api/attachments/${attachment.id}/download`)
  expect([file.status, await file.text()]).toEqual([200, '%PDF-1.4 an invoice'])
  // The token is sealed with the key: an account that shows it was opened with the right one.
  const shown = await api.get<{ token: string }>(`/api/openchannel/accounts/${account.id}`)
  expect(shown.token).toBe(tokenOf(account))
})

test('without the log that was written meanwhile a backup is not taken for one', async () => {
  const broken = join(folder.path, 'broken')
  await cp(backup(), broken, { recursive: true })
  const log = join(broken, 'server/postgres/cluster/pg_wal')
  for (const name of await readdir(log)) await rm(join(log, name), { recursive: true })
  await mkdir(join(log, 'archive_status'))
  const dataDir = join(folder.path, 'from-broken')
  const { status, stderr } = run('restore.js', dataDir, broken)
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/cannot be restored: its database does not start/),
  ])
  await expect(readFile(join(dataDir, 'server/postgres/cluster/PG_VERSION'))).rejects.toThrow('ENOENT')
})

test('a backup is also taken while the program is stopped', async () => {
  await program?.stop()
  const { status, stdout } = run('backup.js', join(folder.path, 'restored'), join(folder.path, 'second'))
  expect([status, stdout]).toEqual([0, expect.stringMatching(/whole/)])
  program = undefined
})
