/** The program: configuration, database, migrations, listening, engines; and down again in reverse. */
import { join } from 'node:path'
import { runProgram } from '@patchbay/kit/lifecycle.ts'
import { createLog } from '@patchbay/kit/log.ts'
import { startOwnDatabase } from '@patchbay/kit/own-database.ts'
import { ensureSecretKey } from '@patchbay/kit/secret-key.ts'
import { createApp } from './app.ts'
import { boot } from './boot.ts'
import { readConfig } from './config.ts'

await runProgram(async (resources) => {
  const config = readConfig(process.env)
  const write = (line: string): void => void process.stderr.write(line)
  const log = createLog({ program: 'cloud', level: config.logLevel, write })

  const databaseUrl =
    config.databaseUrl?.reveal() ??
    (await startOwnDatabase(join(config.dataDir, 'cloud', 'postgres'), log, resources))
  const secretKey = config.secretKey ?? (await ensureSecretKey(config.dataDir))
  const ctx = await boot({ config, databaseUrl, secretKey, log }, resources)
  const app = await createApp(ctx, resources)
  await app.http.listen({ host: config.host, port: config.port })
  app.start()
  const facebook = config.facebook
    ? ''
    : 'Facebook pages cannot be connected yet: set FACEBOOK_APP_ID, FACEBOOK_APP_SECRET and FACEBOOK_VERIFY_TOKEN (docs/facebook.md).\n'
  process.stdout.write(`The cloud is ready at ${config.publicUrl}\n${facebook}`)
})
