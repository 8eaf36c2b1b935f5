// How long a start takes on a new and on an existing database, and what an idle program with its database holds in memory.
import { readdir, readFile } from 'node:fs/promises'
import { dataFolder, type Program, startProgram } from '../program.ts'
import { median } from './figures.ts'

const ROUNDS = 3
const IDLE_MS = 5_000

export async function run(): Promise<void> {
  const created: number[] = []
  const existing: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const folder = await dataFolder()
    created.push(await timeStart(folder.path))
    existing.push(await timeStart(folder.path))
    await folder.remove()
  }
  const folder = await dataFolder()
  const program = await startProgram({ dataDir: folder.path })
  await new Promise((resume) => setTimeout(resume, IDLE_MS))
  const { ownKb, databaseKb } = await memoryOf(program)
  await program.stop()
  await folder.remove()
  process.stdout.write(
    [
      `boot: ready on a new database after ${median(created)} ms, on an existing one after ${median(existing)} ms (median of ${ROUNDS})`,
      `boot: idle memory, shared pages counted once: program ${mb(ownKb)} MB, database ${mb(databaseKb)} MB, together ${mb(ownKb + databaseKb)} MB`,
      '',
    ].join('\n'),
  )
}

async function timeStart(dataDir: string): Promise<number> {
  const started = performance.now()
  const program = await startProgram({ dataDir })
  const tookMs = Math.round(performance.now() - started)
  await program.stop()
  return tookMs
}

// PSS shares a page's size among those who map it: summing RSS would count PostgreSQL's shared buffers once per process.
async function memoryOf(program: Program): Promise<{ ownKb: number; databaseKb: number }> {
  const own = program.child.pid ?? 0
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : ''
    const parent = /^\d+ \(.*\) \S (\d+)/s.exec(stat)?.[1]
    if (parent) parents.set(Number(name), Number(parent))
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && (parent === own || isBelow(parent))
  }
  let databaseKb = 0
  for (const pid of parents.keys()) if (isBelow(pid)) databaseKb += await pssOf(pid)
  return { ownKb: await pssOf(own), databaseKb }
}

async function pssOf(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0)
}

function mb(kb: number): string {
  return (kb / 1024).toFixed(0)
}
