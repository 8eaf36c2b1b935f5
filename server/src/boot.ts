/** Makes a context of a configuration and a database that is already there: main and the tests both start from here. */
import { fileURLToPath } from 'node:url'
import { type Secret, StartError } from '@patchbay/kit/config.ts'
import { keyFingerprint, sealingKey } from '@patchbay/kit/crypto.ts'
import type { Log } from '@patchbay/kit/log.ts'
import { createMetrics } from '@patchbay/kit/metrics.ts'
import { createDoor } from '@patchbay/kit/outbound.ts'
import { openOwnDatabase } from '@patchbay/kit/own-database.ts'
import { feelPulse } from '@patchbay/kit/pulse.ts'
import { createGatekeeper } from './access/gatekeeper.ts'
import { isEchoUrl } from './accounts/echo-url.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import type { DB } from './database.gen.ts'
import { ensureInstallation } from './people/installation.ts'
import { openPush } from './push/push.ts'
import { listRelays } from './relays/relays.ts'

export interface BootOptions {
  config: Config
  databaseUrl: string
  secretKey: Secret
  log: Log
}

export const migrationsDir = fileURLToPath(new URL('../migrations', import.meta.url))

// One of them listens for chores.
const CONNECTIONS = 21

/** What it opens it leaves in `resources`. */
export async function boot(options: BootOptions, resources: AsyncDisposableStack): Promise<Context> {
  const { config, databaseUrl: url, log } = options
  const { query: db, pool } = await openOwnDatabase<DB>(
    { url, max: CONNECTIONS, applicationName: 'patchbay server', migrationsDir, log },
    resources,
  )
  const key = sealingKey(options.secretKey)
  if (!(await ensureInstallation(db, keyFingerprint(key))))
    throw new StartError('SECRET_KEY is not the key with which this database was made: start with that one.')

  const push = await openPush({ url, log })
  resources.defer(() => push.close())
  const pulse = await feelPulse({ url, log })
  resources.defer(() => pulse.close())
  const gatekeeper = createGatekeeper({ db, push, log, pulse, publicUrl: config.publicUrl })
  resources.defer(() => gatekeeper.close())
  const door = createDoor({
    allow: config.outboundAllow,
    exempt: (url) => isEchoUrl(config.publicUrl, key, url),
  })
  resources.defer(() => door.close())
  // Until the links are looked after, so that no file's link leads past the relay meanwhile.
  const [relay] = await listRelays(db, key)
  return {
    config,
    db,
    pool,
    log,
    metrics: createMetrics(),
    door,
    sealingKey: key,
    push,
    gatekeeper,
    wayIn: { relay: () => relay?.url },
  }
}
