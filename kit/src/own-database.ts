// The database of a program: the built-in PostgreSQL, whose words go to the program's log, and the pool, migrated and ready for chores.
import { prepareChores } from './chores.ts'
import { type Database, openDatabase } from './database.ts'
import { startEmbedded } from './embedded-postgres.ts'
import type { Log } from './log.ts'
import { migrate } from './migrate.ts'

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

export interface OwnDatabaseOptions {
  url: string
  max: number
  applicationName: string
  migrationsDir: string
  log: Log
}

/** Opens and migrates it. It is closed with `resources`. */
export async function openOwnDatabase<DB>(
  { migrationsDir, log, ...options }: OwnDatabaseOptions,
  resources: AsyncDisposableStack,
): Promise<Database<DB>> {
  let closing = false
  const onIdleError = (error: Error): void => {
    if (!closing) log.warn({ err: error }, 'a connection to the database broke')
  }
  const database = await openDatabase<DB>({ ...options, onIdleError })
  resources.defer(() => {
    closing = true
    return database.close()
  })
  await migrate(database.pool, migrationsDir)
  await prepareChores(database.pool)
  return database
}

// A statement that failed is for whoever sent it to report: conflicts are part of ordinary work. So are the last words to
// connections that are closing.
function logLine(log: Log, line: string, stopping: boolean): void {
  const severity = stopping ? undefined : /^(PANIC|FATAL|WARNING)/.exec(line)?.[1]
  log[severity === 'PANIC' ? 'error' : severity ? 'warn' : 'debug']({ postgres: line }, 'the database says')
}
