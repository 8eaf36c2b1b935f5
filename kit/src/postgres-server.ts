// The process of the embedded PostgreSQL: started, and started again whenever it ends without being asked to.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from './config.ts'
import { freePort } from './free-port.ts'
import type { Binaries } from './postgres-binaries.ts'
import { readPostmaster, stopPostmaster } from './postmaster.ts'
import type { Prefix } from './unprivileged.ts'

export interface ServerOptions {
  dataDir: string
  cluster: string
  binaries: Binaries
  /** Under which PostgreSQL does not run as root. */
  prefix: Prefix
  /** Overrides of postgresql.conf. */
  settings: Readonly<Record<string, string>>
  log: (line: string) => void
  onEnd: (lastLine: string) => void
}

export interface KeptServer {
  readonly pid: number
  readonly address: Address
  stop(): Promise<void>
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000
/** A clean end may take the disk long. Cut off after this nothing is lost either: the next start recovers from the log. */
const STOP_WITHIN_MS = 5_000

/**
 * The first start has to succeed. Whoever ends the server later (the kernel for want of memory, a full disk), it is started again at
 * the same address, as often as it takes: it recovers from its log, and its program has lost nothing but connections.
 */
export async function keepServer(options: ServerOptions): Promise<KeptServer> {
  const address = await chooseAddress(options.dataDir)
  let isStopping = false
  let child = spawnServer(options, address)
  await child.ready

  const startAgain = async (): Promise<void> => {
    for (let pauseMs = FIRST_PAUSE_MS; !isStopping; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      // Its last processes hold the files until they have noticed.
      await stopPostmaster(options.cluster).catch((error: Error) => options.log(error.message))
      if (isStopping) return
      child = spawnServer(options, address)
      const failure = await child.ready.catch((error: Error) => error)
      if (!failure) return
      options.onEnd(child.lastLine())
      if (!isStopping) await sleep(pauseMs)
    }
  }

  const keep = async (): Promise<void> => {
    while (!isStopping) {
      await child.ended
      if (isStopping) return
      options.onEnd(child.lastLine())
      await startAgain()
    }
  }
  const keeping = keep()

  return {
    get pid() {
      return child.pid
    },
    address,
    async stop() {
      isStopping = true
      child.signal('SIGINT')
      const stubborn = setTimeout(() => child.signal('SIGQUIT'), STOP_WITHIN_MS)
      await child.ended
      clearTimeout(stubborn)
      await keeping
    },
  }
}

interface ServerProcess {
  pid: number
  /** Rejects when the process ends before it takes connections. */
  ready: Promise<void>
  ended: Promise<void>
  lastLine(): string
  signal(name: NodeJS.Signals): void
}

function spawnServer(options: ServerOptions, address: Address): ServerProcess {
  const { dataDir, cluster, binaries, prefix, log } = options
  const settings = { ...defaults, ...address.settings, ...options.settings }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [command = '', ...rest] = [...prefix, binaries.postgres, '-D', cluster, ...args]
  // Detached: Ctrl-C in a terminal goes to the whole process group, and the database must outlast our last commit.
  const child = spawn(command, rest, {
    env: binaries.env,
    cwd: dataDir,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  const lastLines = follow(child, log)
  return {
    pid: child.pid ?? 0,
    ready: ready(child, cluster, lastLines),
    ended: new Promise((done) => {
      child.once('exit', () => done())
      child.once('error', () => done())
    }),
    lastLine: () => lastLines.at(-1) ?? 'it said nothing',
    signal: (name) => child.kill(name),
  }
}

interface Address {
  port: number
  socketDir: string | undefined
  settings: Readonly<Record<string, string>>
}

// A socket's path holds 107 bytes at most.
async function chooseAddress(dataDir: string): Promise<Address> {
  const socketDir = dataDir
  if (process.platform !== 'win32' && Buffer.byteLength(join(socketDir, '.s.PGSQL.5432.lock')) <= 107) {
    const settings = { unix_socket_directories: socketDir, listen_addresses: '', port: '5432' }
    return { socketDir, port: 5432, settings }
  }
  const port = await freePort()
  const settings = { unix_socket_directories: '', listen_addresses: '127.0.0.1', port: String(port) }
  return { socketDir: undefined, port, settings }
}

function follow(child: ChildProcess, log: (line: string) => void): string[] {
  const lastLines: string[] = []
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastLines.push(line)
      if (lastLines.length > 20) lastLines.shift()
      log(line)
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
