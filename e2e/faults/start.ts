// Starts what a fault is done to, and takes away at the end of the test what the fault has left.
import { newKey } from '@patchbay/kit/crypto.ts'
import { type EmbeddedPostgres, startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import type pg from 'pg'
import { onTestFinished } from 'vitest'
import { dataFolder, type Program, startProgram } from '../program.ts'
import { childrenOf, signal } from './processes.ts'
import { connect } from './world.ts'

/** Also when the test failed in the middle, the program and its database end. */
export async function start(options: Parameters<typeof startProgram>[0]): Promise<Program> {
  const program = await startProgram(options)
  onTestFinished(async () => {
    if (program.child.exitCode !== null || program.child.signalCode !== null) return
    const own = await childrenOf(program.child.pid ?? 0)
    signal(own, 'SIGCONT')
    await program.kill()
    signal(own, 'SIGKILL')
  })
  return program
}

export async function folder(): Promise<string> {
  const made = await dataFolder()
  onTestFinished(made.remove)
  return made.path
}

export interface Cluster {
  readonly postgres: EmbeddedPostgres
  /** Starts a further program on the same database. */
  node(env?: Record<string, string>, port?: number): Promise<Program>
  connect(): Promise<pg.Client>
}

/** A PostgreSQL of its own for any number of programs. */
export async function startCluster(): Promise<Cluster> {
  const path = await folder()
  const postgres = await startEmbedded({ dataDir: `${path}/postgres` })
  onTestFinished(async () => {
    signal([postgres.serverPid], 'SIGCONT')
    await postgres.stop()
  })
  const common = { DATABASE_URL: postgres.url, SECRET_KEY: newKey() }
  return {
    postgres,
    node: (env = {}, port) =>
      start({ dataDir: path, env: { ...common, ...env }, ...(port !== undefined && { port }) }),
    connect: () => connect({ connectionString: postgres.url }),
  }
}
