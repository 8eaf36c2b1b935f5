/** The program: configuration, database, migrations, listening, engines; and down again in reverse. */
import { join } from 'node:path'
import { runProgram } from '@patchbay/kit/lifecycle.ts'
import { createLog } from '@patchbay/kit/log.ts'
import { startOwnDatabase } from '@patchbay/kit/own-database.ts'
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

  const databaseUrl =
    config.databaseUrl?.reveal() ??
    (await startOwnDatabase(join(config.dataDir, 'server', 'postgres'), log, resources))
  const secretKey = config.secretKey ?? (await ensureSecretKey(config.dataDir))
  const ctx = await boot({ config, databaseUrl, secretKey, log }, resources)
  const howToSignIn = await prepareSignIn(ctx)
  const app = await createApp(ctx, resources)
  await app.http.listen({ host: config.host, port: config.port })
  app.start()
  process.stdout.write(`Patchbay is ready at ${config.publicUrl}\n${howToSignIn}\n`)
})
