// Runs a program from its start to its clean end.
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigError, StartError } from './config.ts'

const STOP_WITHIN_MS = 9_500
const HEAD_START_MS = 500

export interface ProgramOptions {
  /** Where sentences for the operator go, stderr unless told otherwise. */
  print?: (text: string) => void
}

/**
 * `start` brings the program up and leaves in `resources` how each part is taken down; they are taken down in reverse
 * order on SIGTERM, SIGINT or a failed start.
 * Exit code 0 after a signal, 1 otherwise.
 */
export async function runProgram(
  start: (resources: AsyncDisposableStack) => Promise<void>,
  options: ProgramOptions = {},
): Promise<void> {
  const print = options.print ?? ((text) => process.stderr.write(`${text}\n`))
  const resources = new AsyncDisposableStack()
  let ending = false

  const end = async (exitCode: number): Promise<void> => {
    if (ending) return
    ending = true
    setTimeout(() => {
      print(`Not everything stopped within ${STOP_WITHIN_MS / 1000} seconds.`)
      process.exit(1)
    }, STOP_WITHIN_MS).unref()
    try {
      await resources.disposeAsync()
      process.exit(exitCode)
    } catch (error) {
      print(describeFailure(error))
      process.exit(1)
    }
  }

  // A second signal does not wait.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => (ending ? process.exit(1) : end(0)))
  }
  // What went wrong unexpectedly leaves unknown state behind: nothing that is in memory may be written any more.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      print(describeFailure(error))
      process.exit(1)
    })
  }

  try {
    await start(resources)
  } catch (error) {
    // A signal during the start closes what the rest of the start would need: that is no failure.
    if (ending) return
    print(describeFailure(error))
    await end(1)
  }
}

/**
 * Takes down parts of which one may ask something of the next: each is told to stop when the one before has, or half a second after
 * that one was told. So what hangs in several of them does not add up beyond the time that the program has.
 */
export async function stopInTurn(parts: readonly (() => Promise<unknown>)[]): Promise<void> {
  const stops: Promise<unknown>[] = []
  for (const part of parts) {
    const stop = part()
    stops.push(stop)
    await Promise.race([stop.catch(() => {}), sleep(HEAD_START_MS)])
  }
  const failed = (await Promise.allSettled(stops)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

/** One clear sentence for what an operator can mend, the whole error for a bug. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigError && error.problems.length > 1)
    return error.problems.map((p) => `- ${p}`).join('\n')
  if (error instanceof StartError) return error.message
  const { code, syscall, port, address } = error as NodeJS.ErrnoException & {
    port?: number
    address?: string
  }
  if (syscall === 'listen') {
    if (code === 'EADDRINUSE')
      return `Port ${port} is taken by another program: stop it, or choose another port.`
    if (code === 'EACCES') return `Port ${port} may not be opened by this user: choose one from 1024 on.`
    if (code === 'EADDRNOTAVAIL')
      return `This machine has no address ${address}: choose another host to listen on.`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
