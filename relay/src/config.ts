/** Reads the relay's environment; pure, and lists every problem at once. */
import { type Env, readEnv, type Secret } from '@patchbay/kit/config.ts'
import { type LogLevel, logLevels } from '@patchbay/kit/log.ts'
import { type OutboundAllow, readOutboundAllow } from '@patchbay/kit/outbound-policy.ts'

export interface Config {
  host: string
  port: number
  publicUrl: string
  dataDir: string
  /** undefined: one is made in `dataDir` at the first start. Relays behind one name share it. */
  adminToken: Secret | undefined
  trustedProxies: string[]
  /** Per account token or API key. */
  ratePerSecond: number
  rateBurst: number
  outboundAllow: OutboundAllow
  logLevel: LogLevel
}

const SHORTEST_TOKEN = 24

export function readConfig(env: Env): Config {
  return readEnv(env, (read) => {
    const host = read.host('RELAY_HOST', read.host('HOST', '127.0.0.1'))
    const port = read.port('RELAY_PORT', 3002)
    const publicUrl = read.url('RELAY_PUBLIC_URL', `http://localhost:${port}`)
    const adminToken = read.secret('RELAY_ADMIN_TOKEN', undefined)
    if (adminToken && !(adminToken.reveal().length >= SHORTEST_TOKEN && /^\S+$/.test(adminToken.reveal())))
      read.problem(
        `RELAY_ADMIN_TOKEN must have at least ${SHORTEST_TOKEN} characters (\`openssl rand -base64 32\` makes one).`,
      )
    return {
      host,
      port,
      publicUrl,
      dataDir: read.path('DATA_DIR', 'data'),
      adminToken,
      trustedProxies: read.networks('TRUSTED_PROXIES'),
      ratePerSecond: read.integer('RELAY_RATE_PER_SECOND', 100, { min: 1, max: 1_000_000 }),
      rateBurst: read.integer('RELAY_RATE_BURST', 500, { min: 1, max: 1_000_000 }),
      outboundAllow: readOutboundAllow(read, { host, publicUrl }),
      logLevel: read.oneOf('LOG_LEVEL', logLevels, 'info'),
    }
  })
}
