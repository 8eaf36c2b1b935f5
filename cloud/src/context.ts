/** What every floor above the kit is given: one value, made once at start, passed as the first argument. */
import type { SealingKey } from '@patchbay/kit/crypto.ts'
import type { Pool } from '@patchbay/kit/database.ts'
import type { Log } from '@patchbay/kit/log.ts'
import type { Metrics } from '@patchbay/kit/metrics.ts'
import type { Door } from '@patchbay/kit/outbound.ts'
import type { Config } from './config.ts'
import type { Db } from './db.ts'
import type { Graph } from './graph/graph.ts'

export interface Context {
  readonly config: Config
  readonly db: Db
  /** For statements that are prepared by name. */
  readonly pool: Pool
  readonly log: Log
  readonly metrics: Metrics
  /** The only way out: every call to another program passes it. */
  readonly door: Door
  /** For `seal` and `open` of kit/crypto.ts: tokens and secrets at rest. */
  readonly sealingKey: SealingKey
  /** Meta's API, called through the door. */
  readonly graph: Graph
}
