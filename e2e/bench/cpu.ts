// The processor time that processes and all below them have used: it tells what work costs also on a machine that has other work.
import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

interface Process {
  parent: number
  name: string
  seconds: number
}

/** Of `root` and all below it, or of those among them with this name. */
export function cpuSeconds(root: number, name?: string): number {
  const all = readProcesses()
  const isBelow = (pid: number): boolean => pid === root || (pid > 1 && isBelow(all.get(pid)?.parent ?? 0))
  let seconds = 0
  for (const [pid, process] of all)
    if ((name === undefined || process.name === name) && isBelow(pid)) seconds += process.seconds
  return seconds
}

function readProcesses(): Map<number, Process> {
  const all = new Map<number, Process>()
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = read(`/proc/${pid}/stat`)
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? []
    // Behind state and parent; user and system time stand 13 and 14 places from the process id.
    const fields = rest.split(' ').map(Number)
    if (name)
      all.set(Number(pid), {
        name,
        parent: fields[1] ?? 0,
        seconds: ((fields[11] ?? 0) + (fields[12] ?? 0)) / TICKS_PER_SECOND,
      })
  }
  return all
}

// A process may end while the list is read.
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
