// Knows a PostgreSQL server by the postmaster.pid in its cluster, and stops one whose program is gone.
import { execFile } from 'node:child_process'
import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { StartError } from './config.ts'

const run = promisify(execFile)

export interface Postmaster {
  pid: number
  port: number
  /** Empty when it listens on none. */
  socketDir: string
  status: string
}

export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!(pid > 0)) return undefined
  const [port, socketDir, , , status] = lines.slice(3).map((line) => line.trim())
  return { pid, port: Number(port), socketDir: socketDir ?? '', status: status ?? '' }
}

/**
 * Stops the server that runs on the cluster, if one does, and waits for its end. A clean stop has two seconds; after
 * that the server is cut off (SIGQUIT), which loses nothing: the next start recovers from the log.
 */
export async function stopPostmaster(cluster: string): Promise<void> {
  const postmaster = await readPostmaster(cluster)
  if (!postmaster) return
  if (await isServerOf(postmaster.pid, cluster)) await end(postmaster, cluster)
  await awaitRemains(postmaster, cluster)
}

async function end(postmaster: Postmaster, cluster: string): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 2_000],
    ['SIGQUIT', 2_000],
    ['SIGKILL', 2_000],
  ] as const) {
    signalIfAlive(postmaster.pid, signal)
    const deadline = Date.now() + patienceMs
    while (Date.now() < deadline) {
      if (!isRunning(postmaster.pid)) return
      await sleep(20)
    }
  }
  throw new StartError(
    `An old PostgreSQL (process ${postmaster.pid}) still runs on ${cluster} and does not stop.`,
  )
}

const REMAINS_WITHIN_MS = 5_000

// After a kill -9 the server may be dead and not yet buried by its parent, and its sessions may still be on their way out.
// PostgreSQL refuses to start beside either.
async function awaitRemains(postmaster: Postmaster, cluster: string): Promise<void> {
  if (process.platform !== 'linux') return
  const deadline = Date.now() + REMAINS_WITHIN_MS
  while (Date.now() < deadline) {
    if (!(await isUnburied(postmaster.pid)) && !(await hasSessions(cluster))) return
    await sleep(20)
  }
}

async function isUnburied(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name stands in parentheses and may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}

// Every process of a server works in its cluster's folder.
async function hasSessions(cluster: string): Promise<boolean> {
  const folder = await realpath(cluster).catch(() => cluster)
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  return folders.includes(folder)
}

export function isRunning(pid: number): boolean {
  return signalIfAlive(pid, 0)
}

function signalIfAlive(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

// The process id may long belong to something else: after a reboot, or in another container.
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (!isRunning(pid)) return false
  const command =
    process.platform === 'linux'
      ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      : (await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))).stdout
  return command.includes('postgres') && command.includes(cluster)
}
