/** The program: configuration, database, migrations, listening, engines; and down again in reverse. */
import { join } from 'node:path'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { runProgram } from '@patchbay/kit/lifecycle.ts'
import { createLog, type Log } from '@patchbay/kit/log.ts'
import { ensureSecretKey } from '@patchbay/kit/secret-key.ts'
import { createApp } from './app.ts'
import { boot } from './boot.ts'
import { readConfig } from './config.ts'
import { prepareSignIn } from './people/first-sign-in.ts'

await runProgram(async (resources) => {
  const config = readConfig(process.env)
  // stdout is for the person who started the program, stderr for whatever collects logs.
  const write = (line: string): void => void process.stderr.write(line)
  const log = createLog({ program: 'server', level: config.logLevel, write })

  let databaseUrl = config.databaseUrl?.reveal()
  if (!databaseUrl) {
    const dataDir = join(config.dataDir, 'server', 'postgres')
    let stopping = false
    const postgres = await startEmbedded({
      dataDir,
      log: (line) => logPostgres(log, line, stopping),
      onEnd: (lastLine) => log.error({ lastLine }, 'the built-in PostgreSQL ended, and is started again'),
    })
    resources.defer(() => {
      stopping = true
      return postgres.stop()
    })
    databaseUrl = postgres.url
  }
  const secretKey = config.secretKey ?? (await ensureSecretKey(config.dataDir))
  const ctx = await boot({ config, databaseUrl, secretKey, log }, resources)
  const howToSignIn = await prepareSignIn(ctx)
  const app = await createApp(ctx, resources)
  await app.http.listen({ host: config.host, port: config.port })
  app.start()
  process.stdout.write(`Patchbay is ready at ${config.publicUrl}\n${howToSignIn}\n`)
})

// A statement that failed is for whoever sent it to report: conflicts are part of ordinary work. So are the last words to
// connections that are closing.
function logPostgres(log: Log, line: string, stopping: boolean): void {
  const severity = stopping ? undefined : /^(PANIC|FATAL|WARNING)/.exec(line)?.[1]
  log[severity === 'PANIC' ? 'error' : severity ? 'warn' : 'debug']({ postgres: line }, 'the database says')
}
