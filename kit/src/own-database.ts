// Starts the built-in PostgreSQL of a program, and says in the program's log what it says.
import { startEmbedded } from './embedded-postgres.ts'
import type { Log } from './log.ts'

/** Answers its URL. It is stopped with `resources`. */
export async function startOwnDatabase(
  dataDir: string,
  log: Log,
  resources: AsyncDisposableStack,
): Promise<string> {
  let stopping = false
  const postgres = await startEmbedded({
    dataDir,
    log: (line) => logLine(log, line, stopping),
    onEnd: (lastLine) => log.error({ lastLine }, 'the built-in PostgreSQL ended, and is started again'),
  })
  resources.defer(() => {
    stopping = true
    return postgres.stop()
  })
  return postgres.url
}

// A statement that failed is for whoever sent it to report: conflicts are part of ordinary work. So are the last words to
// connections that are closing.
function logLine(log: Log, line: string, stopping: boolean): void {
  const severity = stopping ? undefined : /^(PANIC|FATAL|WARNING)/.exec(line)?.[1]
  log[severity === 'PANIC' ? 'error' : severity ? 'warn' : 'debug']({ postgres: line }, 'the database says')
}
