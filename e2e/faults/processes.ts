// Kills, stops and wakes processes that a test has started, and those below them.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Program } from '../program.ts'

export async function childrenOf(parent: number): Promise<number[]> {
  const children: number[] = []
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : ''
    // The process's name stands in parentheses and may hold anything.
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent) children.push(Number(name))
  }
  return children
}

export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {
      // A process that ended by itself meanwhile.
    }
  }
}

/** The folder of the database that a program runs for itself. */
export function clusterOf(program: Program): string {
  return join(program.dataDir, 'server', 'postgres', 'cluster')
}

export async function postmasterOf(cluster: string): Promise<number> {
  return Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0])
}

/** Program and database, the database first, so that nothing it still had to write can reach the disk. */
export async function killAll(program: Program): Promise<void> {
  const postmaster = await postmasterOf(clusterOf(program))
  signal([...(await childrenOf(postmaster)), postmaster], 'SIGKILL')
  await program.kill()
}
