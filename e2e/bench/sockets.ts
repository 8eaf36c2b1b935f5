// What a desk's socket costs, and how long thousands take to be in sync again after all were cut at once.
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { newKey } from '@patchbay/kit/crypto.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { dataFolder, startProgram } from '../program.ts'
import { type BenchDesk, benchEnv, connectDesks, makeAccounts, makeAgents, residentBytes } from './desks.ts'

const WANTED = Number(process.env.BENCH_SOCKETS ?? 15_000)
const ACCOUNTS = 100
/** Of descriptors besides the sockets: the database's, the log's, the listener's. */
const SPARE = 500

export async function run(): Promise<void> {
  const limit = await raiseLimit(process.pid)
  const count = Math.floor(Math.min(WANTED, limit - SPARE) / ACCOUNTS) * ACCOUNTS
  if (count < WANTED)
    process.stdout.write(`sockets: ${limit} open files are allowed, so ${count} sockets are opened\n`)
  const folder = await dataFolder()
  const postgres = await startEmbedded({ dataDir: `${folder.path}/postgres` })
  let desks: BenchDesk[] = []
  try {
    const server = await startProgram({
      dataDir: folder.path,
      env: { DATABASE_URL: postgres.url, SECRET_KEY: newKey(), ...benchEnv },
    })
    try {
      await raiseLimit(server.child.pid)
      const accounts = await makeAccounts(server.origin, ACCOUNTS)
      const keys = await makeAgents(postgres.url, accounts, count / ACCOUNTS)
      const before = await residentBytes(server.child.pid)
      const firstMs = await took(async () => {
        desks = await connectDesks(server.port, keys, () => {})
      })
      await sleep(2_000)
      const each = ((await residentBytes(server.child.pid)) - before) / count
      for (const desk of desks) desk.cut()
      const cursors = desks.map(({ cursor }) => cursor)
      const againMs = await took(async () => {
        desks = await connectDesks(server.port, keys, () => {}, cursors)
      })
      await sleep(2_000)
      const after = ((await residentBytes(server.child.pid)) - before) / count
      process.stdout.write(
        `sockets: ${count} connected and in sync after ${seconds(firstMs)}, ${(each / 1024).toFixed(1)} KB each\n` +
          `sockets: all cut at once, and in sync again after ${seconds(againMs)}, ${(after / 1024).toFixed(1)} KB each\n`,
      )
    } finally {
      for (const desk of desks) desk.cut()
      await server.stop()
    }
  } finally {
    await postgres.stop()
    await folder.remove()
  }
}

/** Lets the process open as many files as it may; answers how many that is. */
async function raiseLimit(pid: number | undefined): Promise<number> {
  const read = async (): Promise<string[]> =>
    /Max open files\s+(\S+)\s+(\S+)/.exec(await readFile(`/proc/${pid}/limits`, 'utf8'))?.slice(1) ?? []
  const [, hard = '0'] = await read()
  const wanted = hard === 'unlimited' ? '65536' : hard
  try {
    execFileSync('prlimit', [`--nofile=${wanted}:${hard}`, '--pid', String(pid)])
  } catch {
    // Without the tool it stays as it is.
  }
  const [soft = '0'] = await read()
  return soft === 'unlimited' ? 65_536 : Number(soft)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

async function took(work: () => Promise<void>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}
