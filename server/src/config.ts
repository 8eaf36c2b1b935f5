/** Reads the contact centre's environment; pure, and lists every problem at once. */
import { isIP } from 'node:net'
import { join } from 'node:path'
import { type Env, type EnvReader, readEnv, type Secret } from '@patchbay/kit/config.ts'
import { type LogLevel, logLevels } from '@patchbay/kit/log.ts'
import { type OutboundAllow, readOutboundAllow } from '@patchbay/kit/outbound-policy.ts'
import { readMailConfig } from '@patchbay/kit/post.ts'

export interface Config {
  host: string
  port: number
  /** The origin under which people and services reach this server, without a trailing slash. */
  publicUrl: string
  dataDir: string
  /** undefined: a PostgreSQL of our own in `dataDir`. */
  databaseUrl: Secret | undefined
  secretKey: Secret | undefined
  attachmentsDir: string
  /** Of one file, on accounts that set no limit of their own. */
  attachmentLimitBytes: number
  admin: { email: string; password: Secret } | undefined
  smtpUrl: Secret | undefined
  mailFrom: string | undefined
  /** Addresses and networks whose X-Forwarded-For is believed. */
  trustedProxies: string[]
  cloudUrl: string | undefined
  relayUrls: string[]
  relayCode: Secret | undefined
  /** Hosts and networks that are private and may be called all the same. */
  outboundAllow: OutboundAllow
  logLevel: LogLevel
}

// The desk asks for more; here the operator decides.
const SHORTEST_ADMIN_PASSWORD = 8
const USUAL_FILE_BYTES = 25 * 1024 * 1024
// The most that an account may set.
const LARGEST_FILE_BYTES = 1024 * 1024 * 1024

export function readConfig(env: Env): Config {
  return readEnv(env, (read) => {
    const host = read.host('HOST', '127.0.0.1')
    const port = read.port('PORT', 3000)
    const publicUrl = read.url('PUBLIC_URL', `http://localhost:${port}`)
    const dataDir = read.path('DATA_DIR', 'data')
    const databaseUrl = read.secret('DATABASE_URL', undefined)
    const secretKey = read.key32('SECRET_KEY', undefined)
    if (new URL(publicUrl).pathname !== '/')
      read.problem(`PUBLIC_URL must be an origin without a path, not ${JSON.stringify(publicUrl)}.`)
    if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl.reveal()))
      read.problem('DATABASE_URL must be a URL such as postgresql://user:password@host/database.')
    if (databaseUrl && !env.SECRET_KEY?.trim())
      read.problem(
        'SECRET_KEY must be set beside DATABASE_URL: it encrypts secrets at rest (`openssl rand -base64 32` makes one).',
      )
    return {
      host,
      port,
      publicUrl,
      dataDir,
      databaseUrl,
      secretKey,
      attachmentsDir: read.path('ATTACHMENTS_DIR', join(dataDir, 'attachments')),
      attachmentLimitBytes: read.integer('ATTACHMENT_LIMIT_BYTES', USUAL_FILE_BYTES, {
        min: 1,
        max: LARGEST_FILE_BYTES,
      }),
      admin: readAdmin(read),
      ...readMailConfig(read),
      trustedProxies: readNetworks(read, 'TRUSTED_PROXIES'),
      cloudUrl: read.url('CLOUD_URL', undefined),
      relayUrls: readUrls(read, 'RELAY_URLS'),
      relayCode: read.secret('RELAY_CODE', undefined),
      outboundAllow: readOutboundAllow(read, { host, publicUrl }),
      logLevel: read.oneOf('LOG_LEVEL', logLevels, 'info'),
    }
  })
}

function readAdmin(read: EnvReader): Config['admin'] {
  const email = read.text('ADMIN_EMAIL', undefined)
  const password = read.secret('ADMIN_PASSWORD', undefined)
  if (email && !/^[^@\s]+@[^@\s]+$/.test(email))
    read.problem(`ADMIN_EMAIL must be an e-mail address, not ${JSON.stringify(email)}.`)
  if (password && password.reveal().length < SHORTEST_ADMIN_PASSWORD)
    read.problem(`ADMIN_PASSWORD must have at least ${SHORTEST_ADMIN_PASSWORD} characters.`)
  if (email && password) return { email, password }
  if (email) read.problem('ADMIN_PASSWORD must be set beside ADMIN_EMAIL.')
  if (password) read.problem('ADMIN_EMAIL must be set beside ADMIN_PASSWORD.')
  return undefined
}

function readNetworks(read: EnvReader, name: string): string[] {
  return read.list(name, []).filter((network) => {
    if (isNetwork(network)) return true
    read.problem(
      `${name} must hold addresses and networks such as 10.0.0.0/8, not ${JSON.stringify(network)}.`,
    )
    return false
  })
}

function isNetwork(text: string): boolean {
  const [address = '', bits = '0', ...rest] = text.split('/')
  const family = isIP(address)
  return (
    family > 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  )
}

function readUrls(read: EnvReader, name: string): string[] {
  return read.list(name, []).filter((url) => {
    if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return true
    read.problem(`${name} must hold http or https URLs, not ${JSON.stringify(url)}.`)
    return false
  })
}
