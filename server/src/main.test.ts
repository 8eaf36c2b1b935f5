/** The program as an operator meets it: its words, its exit codes, its start and its end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newKey } from '@patchbay/kit/crypto.ts'
import { freePort } from '@patchbay/kit/free-port.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const startFile = fileURLToPath(new URL('../start.js', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'patchbay-main-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const { url: databaseUrl } = await testDatabase()

interface Program {
  child: ChildProcess
  output(): string
  errors(): string
  ended: Promise<number | null>
}

const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

function start(env: Record<string, string>, user: { uid?: number; gid?: number } = {}): Program {
  const child = spawn(process.execPath, [startFile], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'info', ...env },
    cwd: folder,
    ...user,
  })
  running.add(child)
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  // Not 'exit', after which its last words may still be on their way.
  const ended = new Promise<number | null>((done) => child.once('close', done))
  ended.then(() => running.delete(child))
  return { child, output: () => output, errors: () => errors, ended }
}

async function ready(program: Program): Promise<void> {
  const isReady = new Promise<boolean>((done) => {
    program.child.stdout?.on('data', () => program.output().includes('Patchbay is ready at') && done(true))
  })
  if ((await Promise.race([isReady, program.ended])) !== true) throw new Error(program.errors())
}

const withDatabase = async (env: Record<string, string> = {}) => ({
  PORT: String(await freePort()),
  DATA_DIR: join(folder, 'with-database'),
  DATABASE_URL: databaseUrl,
  SECRET_KEY: secretKey,
  ...env,
})
const secretKey = newKey()

describe('on an embedded database', () => {
  const dataDir = join(folder, 'embedded')

  test('it says where it is and how to sign in, keeps its key to itself, and ends cleanly', async () => {
    const PORT = String(await freePort())
    const program = start({ PORT, DATA_DIR: dataDir })
    await ready(program)
    expect(program.output()).toMatch(
      new RegExp(
        `^Patchbay is ready at http://localhost:${PORT}\nMake the first admin at http://localhost:${PORT}/setup\\?code=\\w{32}\n$`,
      ),
    )
    const { mode } = await stat(join(dataDir, 'secret-key'))
    expect(mode & 0o777).toBe(0o600)
    const code = /code=(\w+)/.exec(program.output())?.[1] ?? ''
    expect(program.errors()).not.toContain(code)
    for (const line of program.errors().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg')

    const answer = await fetch(`http://127.0.0.1:${PORT}/readyz`)
    expect(await answer.json()).toMatchObject({ status: 'ready' })
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    expect(program.errors()).not.toMatch(/"level":"(warn|error)"/)
    await expect(readFile(join(dataDir, 'server/postgres/cluster/postmaster.pid'))).rejects.toThrow('ENOENT')
  })

  test('a key that is no key is not taken for one', async () => {
    const other = join(folder, 'broken-key')
    await mkdir(other)
    await writeFile(join(other, 'secret-key'), 'oops')
    const program = start({ PORT: String(await freePort()), DATA_DIR: other })
    expect(await program.ended).toBe(1)
    expect(program.errors()).toMatch(
      /^The file .*secret-key does not hold a key of 32 bytes in base64: put the right one back\.\n$/,
    )
  })

  test.runIf(process.getuid?.() === 0)('a data folder that it may not write to is one sentence', async () => {
    const locked = join(folder, 'locked')
    await writeFile(locked, '')
    await chmod(folder, 0o755)
    const program = start(
      { PORT: String(await freePort()), DATA_DIR: locked, HOME: '/' },
      { uid: 65_534, gid: 65_534 },
    )
    expect(await program.ended).toBe(1)
    expect(program.errors()).toMatch(/^Cannot .*data folder.*\.\n$/)
  })
})

describe('what an operator can mend is said in a sentence', () => {
  test('a wrong environment is listed whole', async () => {
    const program = start({ PORT: 'x', LOG_LEVEL: 'loud', ADMIN_EMAIL: 'a@b.example' })
    expect(await program.ended).toBe(1)
    expect(program.errors().trim().split('\n')).toHaveLength(3)
    expect(program.output()).toBe('')
  })

  test('a database that cannot be reached, without its password', async () => {
    const DATABASE_URL = `postgresql://user:hunter2@127.0.0.1:${await freePort()}/none`
    const program = start(await withDatabase({ DATABASE_URL }))
    expect(await program.ended).toBe(1)
    expect(program.errors()).toMatch(/^Cannot reach the database at 127\.0\.0\.1:\d+: .*\.\n$/)
    expect(program.errors()).not.toContain('hunter2')
  })
})

describe('on a database of the operator', async () => {
  const admin = { ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: 'correct horse battery' }
  const env = await withDatabase(admin)
  let program: Program
  beforeAll(async () => {
    program = start(env)
    await ready(program)
  })

  test('it says who signs in', () => {
    expect(program.output()).toBe(
      `Patchbay is ready at http://localhost:${env.PORT}\nSign in as a@b.example\n`,
    )
  })

  test('a second one on its port says that the port is taken', async () => {
    const second = start(env)
    expect(await second.ended).toBe(1)
    expect(second.errors()).toContain(`Port ${env.PORT} is taken by another program`)
  })

  test('a second one with another key refuses to start', async () => {
    const second = start(await withDatabase({ SECRET_KEY: newKey() }))
    expect(await second.ended).toBe(1)
    expect(second.errors()).toBe(
      'SECRET_KEY is not the key with which this database was made: start with that one.\n',
    )
  })

  test('what was accepted is answered although it is told to stop', async () => {
    // A sign-in takes long enough to be under way when the signal comes.
    const answer = fetch(`http://127.0.0.1:${env.PORT}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: admin.ADMIN_EMAIL, password: admin.ADMIN_PASSWORD }),
    })
    await new Promise((done) => setTimeout(done, 15))
    program.child.kill('SIGTERM')
    expect((await answer).status).toBe(200)
    expect(await program.ended).toBe(0)
  })
})
