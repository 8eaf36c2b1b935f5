// Runs a real PostgreSQL of our own in a folder: makes it, starts it, takes it over from a dead program, stops it.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { StartError } from './config.ts'
import { LOCK_FILE, lockFolder } from './folder-lock.ts'
import { type Binaries, findBinaries } from './postgres-binaries.ts'
import { readPostmaster, stopPostmaster } from './postmaster.ts'
import { chooseRunner, type Runner } from './unprivileged.ts'

const run = promisify(execFile)

export interface EmbeddedOptions {
  /** Only PostgreSQL's: nothing else may live in it. Made when missing. */
  dataDir: string
  log?: (line: string) => void
  /** Overrides postgresql.conf, for tests (`{ fsync: 'off' }`). */
  settings?: Readonly<Record<string, string>>
}

export interface EmbeddedPostgres {
  url: string
  serverPid: number
  /** Resolves when the server ended without being asked to. */
  lost: Promise<string>
  stop(): Promise<void>
}

interface Place {
  dataDir: string
  cluster: string
  passwordFile: string
}

export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const place = { dataDir, cluster: join(dataDir, 'cluster'), passwordFile: join(dataDir, 'password') }
  const lock = await claim(dataDir)
  try {
    const binaries = await findBinaries(join(dataDir, 'lib'))
    // An old server may still be on its way out, and it holds its files until it is gone.
    await stopPostmaster(place.cluster)
    const runner = await chooseRunner(dataDir, probe(place, binaries), binaries.env)
    await runner.adopt(join(dataDir, LOCK_FILE))
    const password = await ensureCluster(place, binaries, runner, options.settings?.fsync === 'off')
    const server = await launch(place, binaries, runner, options)
    const url = `postgresql://postgres:${password}@localhost:${server.port}/postgres`
    return {
      url: server.socketDir ? `${url}?host=${encodeURIComponent(server.socketDir)}` : url,
      serverPid: server.pid,
      lost: server.lost,
      stop: async () => {
        await server.stop()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

async function claim(dataDir: string): Promise<{ release(): void }> {
  try {
    await mkdir(dirname(dataDir), { recursive: true })
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    const lock = lockFolder(dataDir)
    if ('release' in lock) return lock
    throw new StartError(
      `The data folder ${dataDir} is in use by another running program (process ${lock.heldBy}).`,
    )
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`Cannot write to the data folder ${dataDir}: ${(error as Error).message}.`)
  }
}

/** A command that succeeds where PostgreSQL can run: the folder is writable and, for initdb, the user has a name. */
function probe(place: Place, binaries: Binaries): string[] {
  const script = 'test -w "$1" && { test -e "$1/cluster/PG_VERSION" || id -un; } && exec "$2" --version'
  return ['/bin/sh', '-c', script, 'sh', place.dataDir, binaries.postgres]
}

// The cluster gets its final name when it is whole, so a start that died half-way leaves nothing to stumble over.
async function ensureCluster(
  place: Place,
  binaries: Binaries,
  runner: Runner,
  unsafe: boolean,
): Promise<string> {
  if (existsSync(join(place.cluster, 'PG_VERSION'))) return await readPassword(place)
  const fresh = `${place.cluster}.new`
  await rm(fresh, { recursive: true, force: true })
  const password = randomBytes(24).toString('base64url')
  await writeFile(place.passwordFile, password, { mode: 0o600 })
  await runner.adopt(place.passwordFile)
  const args = ['-D', fresh, '-U', 'postgres', `--pwfile=${place.passwordFile}`, '--auth=scram-sha-256']
  args.push('--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C')
  if (unsafe) args.push('--no-sync')
  const [command = '', ...rest] = [...runner.prefix, binaries.initdb, ...args]
  await run(command, rest, { env: binaries.env, cwd: place.dataDir }).catch((error: { stderr?: string }) => {
    throw new StartError(
      `Cannot make a database in ${place.dataDir}: ${error.stderr?.trim() || String(error)}`,
    )
  })
  await rename(fresh, place.cluster)
  return password
}

async function readPassword(place: Place): Promise<string> {
  try {
    return (await readFile(place.passwordFile, 'utf8')).trim()
  } catch (error) {
    throw new StartError(`Cannot read the database's password: ${(error as Error).message}.`)
  }
}

interface Server {
  pid: number
  port: number
  socketDir: string | undefined
  lost: Promise<string>
  stop(): Promise<void>
}

async function launch(
  place: Place,
  binaries: Binaries,
  runner: Runner,
  options: EmbeddedOptions,
): Promise<Server> {
  const listen = await chooseAddress(place.dataDir)
  const settings = { ...defaults, ...listen.settings, ...options.settings }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [command = '', ...rest] = [...runner.prefix, binaries.postgres, '-D', place.cluster, ...args]
  // Detached: Ctrl-C in a terminal goes to the whole process group, and the database must outlast our last commit.
  const child = spawn(command, rest, {
    env: binaries.env,
    cwd: place.dataDir,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  const lastLines = follow(child, options.log)
  const exited = new Promise<void>((done) => {
    child.once('exit', () => done())
    child.once('error', () => done())
  })
  let stopping = false
  await ready(child, place.cluster, lastLines)
  return {
    pid: child.pid ?? 0,
    port: listen.port,
    socketDir: listen.socketDir,
    lost: new Promise((tell) => {
      exited.then(() => {
        if (!stopping) tell(`The built-in PostgreSQL ended: ${lastLines.at(-1) ?? 'it said nothing'}`)
      })
    }),
    stop: async () => {
      stopping = true
      child.kill('SIGINT')
      if (await Promise.race([exited.then(() => false), sleep(8_000, true, { ref: false })]))
        child.kill('SIGQUIT')
      await exited
    },
  }
}

// A socket's path holds 107 bytes at most.
async function chooseAddress(dataDir: string) {
  const socketDir = dataDir
  if (process.platform !== 'win32' && Buffer.byteLength(join(socketDir, '.s.PGSQL.5432.lock')) <= 107) {
    const settings = { unix_socket_directories: socketDir, listen_addresses: '', port: '5432' }
    return { socketDir, port: 5432, settings }
  }
  const port = await freePort()
  const settings = { unix_socket_directories: '', listen_addresses: '127.0.0.1', port: String(port) }
  return { socketDir: undefined, port, settings }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => found(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function follow(child: ChildProcess, log?: (line: string) => void): string[] {
  const lastLines: string[] = []
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastLines.push(line)
      if (lastLines.length > 20) lastLines.shift()
      log?.(line)
    })
  }
  return lastLines
}

// Recovery after a crash may take a while, so the only failure is an end of the process.
async function ready(child: ChildProcess, cluster: string, lastLines: readonly string[]): Promise<void> {
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const postmaster = await readPostmaster(cluster)
    if (postmaster?.pid === child.pid && postmaster.status === 'ready') return
    await sleep(5)
  }
  await sleep(20)
  throw new StartError(`The built-in PostgreSQL did not start: ${lastLines.join('\n') || 'it said nothing'}`)
}

// For a small machine: little idle memory, and few checkpoints while messages pour in.
const defaults: Readonly<Record<string, string>> = {
  shared_buffers: '128MB',
  max_connections: '60',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  wal_buffers: '16MB',
  jit: 'off',
  io_method: 'sync',
  autovacuum_naptime: '20s',
  log_min_messages: 'warning',
  log_line_prefix: '',
  log_checkpoints: 'off',
  lc_messages: 'C',
  timezone: 'UTC',
  log_timezone: 'UTC',
  unix_socket_permissions: '0700',
}
