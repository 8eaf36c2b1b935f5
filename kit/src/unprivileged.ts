// Chooses how to run PostgreSQL so that it never runs as root and dies with this program.
import { execFile } from 'node:child_process'
import { chown, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { StartError } from './config.ts'

const run = promisify(execFile)
export const NOBODY = 65_534

/** A command prefix: `[...prefix, program, ...args]`. */
export type Prefix = readonly string[]

export interface Runner {
  prefix: Prefix
  /** Gives a file to the user under whom the prefix runs programs. */
  adopt(path: string): Promise<void>
}

/**
 * The first way that works on this machine: `probe` is run under each until one exits with 0. As root these are, with
 * the fewest rights first: another user; that user with the right to pass folders that only root may enter (a checkout
 * in /root). Where no other user can be taken (a container with one mapped user), and for a user without a name (which
 * initdb does not accept), a user namespace in which the files' owner is called nobody.
 */
export async function chooseRunner(
  dataDir: string,
  probe: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Runner> {
  const asRoot = process.getuid?.() === 0
  const owner = asRoot ? await ownerOf(dataDir) : undefined
  const adoptAs = (uid: number, gid: number) => (path: string) => chown(path, uid, gid)
  const keep = async (): Promise<void> => {}

  const ways: Runner[] = []
  if (owner) {
    const drop = [...dieWithParent, `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups']
    const withRight = (right: string) => [...drop, `--inh-caps=+${right}`, `--ambient-caps=+${right}`, '--']
    for (const prefix of [[...drop, '--'], withRight('dac_read_search'), withRight('dac_override')]) {
      ways.push({ prefix, adopt: adoptAs(owner.uid, owner.gid) })
    }
  } else {
    // Without setpriv the database outlives a kill -9 of this program; the next start takes it over.
    ways.push({ prefix: [...dieWithParent, '--'], adopt: keep }, { prefix: [], adopt: keep })
  }
  const namespace = [
    ...dieWithParent,
    '--',
    'unshare',
    '--user',
    `--map-user=${NOBODY}`,
    `--map-group=${NOBODY}`,
    '--',
  ]
  ways.push({ prefix: namespace, adopt: asRoot ? adoptAs(0, 0) : keep })

  let reason: unknown
  for (const way of ways) {
    try {
      await way.adopt(dataDir)
      const [command = '', ...args] = [...way.prefix, ...probe]
      await run(command, args, { cwd: '/', env })
      return way
    } catch (error) {
      reason = error
    }
  }
  throw new StartError(
    asRoot
      ? `PostgreSQL refuses to run as root and cannot run as another user here: start as another user, or set DATABASE_URL. (${firstLine(reason)})`
      : `The built-in PostgreSQL cannot run here: set DATABASE_URL to a PostgreSQL of your own. (${firstLine(reason)})`,
  )
}

// SIGINT is PostgreSQL's fast shutdown.
const dieWithParent = ['setpriv', '--pdeathsig=INT']

async function ownerOf(path: string): Promise<{ uid: number; gid: number }> {
  const { uid, gid } = await stat(path)
  return uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid, gid }
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string }
  return (stderr || message).trim().split('\n').at(-1) ?? ''
}
