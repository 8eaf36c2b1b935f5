// Runs a real PostgreSQL of our own in a folder: makes it, starts it, takes it over from a dead program, stops it.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { StartError } from './config.ts'
import { LOCK_FILE, lockFolder } from './folder-lock.ts'
import { type Binaries, findBinaries } from './postgres-binaries.ts'
import { keepServer } from './postgres-server.ts'
import { isRunning, readPostmaster, stopPostmaster } from './postmaster.ts'
import { chooseRunner, type Runner } from './unprivileged.ts'

const run = promisify(execFile)

export interface EmbeddedOptions {
  /** Only PostgreSQL's: nothing else may live in it. Made when missing. */
  dataDir: string
  log?: (line: string) => void
  /** The server ended without being asked to, and is started again. */
  onEnd?: (lastLine: string) => void
  /** Overrides postgresql.conf, for tests (`{ fsync: 'off' }`). */
  settings?: Readonly<Record<string, string>>
}

export interface EmbeddedPostgres {
  url: string
  readonly serverPid: number
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
    const server = await keepServer({
      ...place,
      binaries,
      prefix: runner.prefix,
      settings: options.settings ?? {},
      log: (line) => options.log?.(line),
      onEnd: (lastLine) => options.onEnd?.(lastLine),
    })
    return {
      url: addressOf(server.address, password),
      get serverPid() {
        return server.pid
      },
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

/** The address of the server that another program runs in the folder; undefined when none does. */
export async function findEmbedded(dataDir: string): Promise<string | undefined> {
  const cluster = join(resolve(dataDir), 'cluster')
  const postmaster = await readPostmaster(cluster)
  if (postmaster?.status !== 'ready' || !isRunning(postmaster.pid)) return undefined
  const { socketDir, port } = postmaster
  const password = await readPassword(join(resolve(dataDir), 'password'))
  return addressOf({ socketDir: socketDir || undefined, port }, password)
}

function addressOf(
  { socketDir, port }: { socketDir: string | undefined; port: number },
  password: string,
): string {
  const url = `postgresql://postgres:${password}@localhost:${port}/postgres`
  return socketDir ? `${url}?host=${encodeURIComponent(socketDir)}` : url
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
  if (existsSync(join(place.cluster, 'PG_VERSION'))) return await readPassword(place.passwordFile)
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

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new StartError(`Cannot read the database's password: ${(error as Error).message}.`)
  }
}
