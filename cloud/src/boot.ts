/** Makes a context of a configuration and a database that is already there: main and the tests both start from here. */
import { fileURLToPath } from 'node:url'
import { type Secret, StartError } from '@patchbay/kit/config.ts'
import { keyFingerprint, sealingKey } from '@patchbay/kit/crypto.ts'
import type { Log } from '@patchbay/kit/log.ts'
import { createMetrics } from '@patchbay/kit/metrics.ts'
import { createDoor } from '@patchbay/kit/outbound.ts'
import { openOwnDatabase } from '@patchbay/kit/own-database.ts'
import { ensureInstallation } from './access/installation.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import type { DB } from './database.gen.ts'
import { createGraph } from './graph/graph.ts'

export interface BootOptions {
  config: Config
  databaseUrl: string
  secretKey: Secret
  log: Log
}

export const migrationsDir = fileURLToPath(new URL('../migrations', import.meta.url))

// One of them listens for chores.
const CONNECTIONS = 11

/** What it opens it leaves in `resources`. */
export async function boot(options: BootOptions, resources: AsyncDisposableStack): Promise<Context> {
  const { config, databaseUrl: url, log } = options
  const { query: db, pool } = await openOwnDatabase<DB>(
    { url, max: CONNECTIONS, applicationName: 'patchbay cloud', migrationsDir, log },
    resources,
  )
  const key = sealingKey(options.secretKey)
  if (!(await ensureInstallation(db, keyFingerprint(key))))
    throw new StartError('SECRET_KEY is not the key with which this database was made: start with that one.')

  const door = createDoor({ allow: config.outboundAllow })
  resources.defer(() => door.close())
  const graph = createGraph({ app: config.facebook, door })
  return { config, db, pool, log, metrics: createMetrics(), door, sealingKey: key, graph }
}
