// The program as an operator meets it: two commands, clear sentences, a clean end, and taking over after a crash.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@patchbay/kit/free-port.ts'
import { afterEach, expect, test } from 'vitest'
import { admin, client, dataFolder, type Program, startProgram } from './program.ts'

const startFile = fileURLToPath(new URL('../server/start.js', import.meta.url))
const undo: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function folder(): Promise<string> {
  const { path, remove } = await dataFolder()
  undo.push(remove)
  return path
}

async function started(options: Parameters<typeof startProgram>[0]): Promise<Program> {
  const program = await startProgram(options)
  undo.push(() => program.stop())
  return program
}

/** Runs it to its end. */
async function run(env: Record<string, string>, file = process.execPath, args = [startFile]) {
  const child = spawn(file, args, { env: { PATH: process.env.PATH ?? '', ...env } })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdout.resume()
  // Not 'exit', after which its last words may still be on their way.
  const [code] = await once(child, 'close')
  return { code, stderr: stderr.trim() }
}

test('a first start needs nothing but a folder, says where it is and how to sign in, and an admin can', async () => {
  const program = await started({ dataDir: await folder() })
  expect(program.output.stdout).toContain(`Patchbay is ready at ${program.origin}`)
  expect(program.output.stdout).toContain(admin.email)
  expect(program.output.stdout).not.toContain(admin.password)
  const me = await client(program.origin).get<{ role: string }>('/api/me')
  expect(me.role).toBe('admin')
  const lists = await client(program.origin).get<{ rows: { name: string }[] }>('/api/lists')
  expect(lists.rows.map(({ name }) => name)).toEqual(['Default'])
})

test('without an admin in the environment a one-time set-up link is printed, makes the first admin once, and then is spent', async () => {
  const program = await started({ dataDir: await folder(), env: { ADMIN_EMAIL: '', ADMIN_PASSWORD: '' } })
  const link = /http\S+\/setup\?code=(\S+)/.exec(program.output.stdout)
  expect(link).not.toBeNull()
  const setUp = () =>
    fetch(`${program.origin}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: program.origin },
      body: JSON.stringify({ code: link?.[1], ...admin }),
    })
  expect((await setUp()).status).toBe(201)
  const again = await setUp()
  expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([401, 'AU-103'])
})

test('SIGTERM ends it with exit code 0 within ten seconds, and the next start finds everything', async () => {
  const dataDir = await folder()
  const first = await startProgram({ dataDir })
  await client(first.origin).send('POST', '/api/lists', { name: 'Kept' })
  // After nine and a half seconds it would end by itself with 1.
  expect(await first.stop()).toBe(0)
  const second = await started({ dataDir })
  const lists = await client(second.origin).get<{ rows: { name: string }[] }>('/api/lists')
  expect(lists.rows.map(({ name }) => name)).toContain('Kept')
})

test('after kill -9 the next start takes over the database that was left running', async () => {
  const dataDir = await folder()
  const first = await startProgram({ dataDir })
  await client(first.origin).send('POST', '/api/lists', { name: 'Kept' })
  await first.kill()
  const second = await started({ dataDir })
  const lists = await client(second.origin).get<{ rows: { name: string }[] }>('/api/lists')
  expect(lists.rows.map(({ name }) => name)).toContain('Kept')
})

test('a taken port is one clear sentence and exit code 1', async () => {
  const port = await freePort()
  const other = createServer().listen(port, '127.0.0.1')
  await once(other, 'listening')
  undo.push(async () => other.close())
  const { code, stderr } = await run({ DATA_DIR: await folder(), PORT: String(port) })
  expect(code).toBe(1)
  expect(lastLine(stderr)).toMatch(new RegExp(`${port}.*(taken|in use)`))
  expect(stderr).not.toContain('    at ')
})

test('a second program on the same folder is refused in one clear sentence', async () => {
  const dataDir = await folder()
  await started({ dataDir })
  const { code, stderr } = await run({ DATA_DIR: dataDir, PORT: String(await freePort()) })
  expect(code).toBe(1)
  expect(stderr).not.toContain('    at ')
  expect(lastLine(stderr)).toContain(dataDir)
})

test('an unreachable DATABASE_URL is one clear sentence without its password, and exit code 1', async () => {
  const port = await freePort()
  const { code, stderr } = await run({
    DATA_DIR: await folder(),
    DATABASE_URL: `postgres://patchbay:hunter2@127.0.0.1:${port}/patchbay`,
    SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  })
  expect(code).toBe(1)
  expect(lastLine(stderr)).toContain(`127.0.0.1:${port}`)
  expect(stderr).not.toContain('hunter2')
  expect(stderr).not.toContain('    at ')
})

test('a data folder that cannot be made is one clear sentence and exit code 1', async () => {
  const inside = await folder()
  const file = join(inside, 'file')
  await writeFile(file, '')
  const { code, stderr } = await run({ DATA_DIR: join(file, 'data'), PORT: String(await freePort()) })
  expect(code).toBe(1)
  expect(lastLine(stderr)).toContain(file)
  expect(stderr).not.toContain('    at ')
})

test('a data folder that the user may not write is one clear sentence and exit code 1', async () => {
  const locked = join(await folder(), 'locked')
  await mkdir(locked)
  const env = { DATA_DIR: locked, PORT: String(await freePort()) }
  // Root may write everywhere: the program then runs as nobody.
  const asNobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, startFile]
  const isRoot = process.getuid?.() === 0
  if (!isRoot) await chmod(locked, 0o500)
  const { code, stderr } = await (isRoot ? run(env, 'setpriv', asNobody) : run(env))
  expect(code).toBe(1)
  expect(lastLine(stderr)).toContain(locked)
  expect(stderr).not.toContain('    at ')
})

test('every wrong variable is named at once', async () => {
  const { code, stderr } = await run({ DATA_DIR: await folder(), PORT: 'abc', PUBLIC_URL: 'nonsense' })
  expect(code).toBe(1)
  expect(stderr).toContain('PORT')
  expect(stderr).toContain('PUBLIC_URL')
})

test('the secret key is made once, readable by its owner alone', async () => {
  const dataDir = await folder()
  const program = await started({ dataDir })
  const key = await readFile(join(dataDir, 'secret-key'), 'utf8')
  expect(Buffer.from(key.trim(), 'base64')).toHaveLength(32)
  expect(program.output.stdout + program.output.stderr).not.toContain(key.trim())
})

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? ''
}
