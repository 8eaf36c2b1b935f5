/** What every floor above the kit is given: one value, made once at start, passed as the first argument. */
import type { SealingKey } from '@patchbay/kit/crypto.ts'
import type { Pool } from '@patchbay/kit/database.ts'
import type { Log } from '@patchbay/kit/log.ts'
import type { Metrics } from '@patchbay/kit/metrics.ts'
import type { Door } from '@patchbay/kit/outbound.ts'
import type { Gatekeeper } from './access/gatekeeper.ts'
import type { Config } from './config.ts'
import type { Db } from './db.ts'
import type { Push } from './push/push.ts'

/** By which address programs outside reach this server. */
export interface WayIn {
  /** Origin of the relay that takes in for it, undefined while there is none. Who keeps the links to relays replaces it. */
  relay: () => string | undefined
}

export interface Context {
  readonly config: Config
  readonly db: Db
  /** For the hot statements, prepared by name. */
  readonly pool: Pool
  readonly log: Log
  readonly metrics: Metrics
  /** The only way out: every call to another program passes it. */
  readonly door: Door
  /** For `seal` and `open` of kit/crypto.ts: secrets at rest. */
  readonly sealingKey: SealingKey
  readonly push: Push
  /** Knows who is calling. */
  readonly gatekeeper: Gatekeeper
  readonly wayIn: WayIn
}
