/** Reads the cloud's environment; pure, and lists every problem at once. */
import { type Env, type EnvReader, readEnv, type Secret } from '@patchbay/kit/config.ts'
import { type LogLevel, logLevels } from '@patchbay/kit/log.ts'
import { type OutboundAllow, readOutboundAllow } from '@patchbay/kit/outbound-policy.ts'
import { type MailConfig, readMailConfig } from '@patchbay/kit/post.ts'

export interface Config extends MailConfig {
  host: string
  port: number
  /** The origin under which people and Meta reach this program, without a trailing slash. */
  publicUrl: string
  dataDir: string
  /** undefined: a PostgreSQL of our own in `dataDir`. */
  databaseUrl: Secret | undefined
  secretKey: Secret | undefined
  trustedProxies: string[]
  /** Shown to operators of contact centres who keep allow-lists. */
  egressIps: string[]
  /** undefined: there is no app at Meta yet, and no page can be connected. */
  facebook: FacebookApp | undefined
  /** Hosts and networks that are private and may be called all the same. */
  outboundAllow: OutboundAllow
  /** How long entries of the audit log are kept. */
  auditDays: number
  logLevel: LogLevel
}

/** The app at Meta through which pages are connected. */
export interface FacebookApp {
  appId: string
  appSecret: Secret
  /** Meta shows it when it asks whether the webhook address is ours. */
  verifyToken: Secret
  /** Of Facebook Login for Business, where the app has that; it stands in for the scopes. */
  configId: string | undefined
  /** Permissions to ask for; undefined: those of messages and of the wall. */
  scopes: string[] | undefined
  graphVersion: string
  graphUrl: string
  dialogUrl: string
  /** Whether Meta allows this app that people answer after a day, up to seven. */
  humanAgent: boolean
  /** From where files of messages may be fetched, as host names or `*.` and a domain. */
  cdnHosts: string[]
}

const usualCdnHosts = ['*.fbcdn.net', 'cdn.fbsbx.com', 'lookaside.fbsbx.com']

export function readConfig(env: Env): Config {
  return readEnv(env, (read) => {
    const host = read.host('CLOUD_HOST', read.host('HOST', '127.0.0.1'))
    const port = read.port('CLOUD_PORT', 3001)
    const publicUrl = read.url('CLOUD_PUBLIC_URL', `http://localhost:${port}`)
    const databaseUrl = read.secret('CLOUD_DATABASE_URL', undefined)
    if (new URL(publicUrl).pathname !== '/')
      read.problem(`CLOUD_PUBLIC_URL must be an origin without a path, not ${JSON.stringify(publicUrl)}.`)
    if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl.reveal()))
      read.problem('CLOUD_DATABASE_URL must be a URL such as postgresql://user:password@host/database.')
    if (databaseUrl && !env.SECRET_KEY?.trim())
      read.problem(
        'SECRET_KEY must be set beside CLOUD_DATABASE_URL: it encrypts tokens at rest (`openssl rand -base64 32` makes one).',
      )
    return {
      host,
      port,
      publicUrl,
      dataDir: read.path('DATA_DIR', 'data'),
      databaseUrl,
      secretKey: read.key32('SECRET_KEY', undefined),
      ...readMailConfig(read),
      trustedProxies: read.networks('TRUSTED_PROXIES'),
      egressIps: read.networks('CLOUD_EGRESS_IPS'),
      facebook: readFacebook(read),
      outboundAllow: readOutboundAllow(read, { host, publicUrl }),
      auditDays: read.integer('CLOUD_AUDIT_DAYS', 730, { min: 30, max: 36_500 }),
      logLevel: read.oneOf('LOG_LEVEL', logLevels, 'info'),
    }
  })
}

function readFacebook(read: EnvReader): FacebookApp | undefined {
  const appId = read.text('FACEBOOK_APP_ID', undefined)
  const appSecret = read.secret('FACEBOOK_APP_SECRET', undefined)
  const verifyToken = read.secret('FACEBOOK_VERIFY_TOKEN', undefined)
  const graphVersion = read.text('FACEBOOK_GRAPH_VERSION', 'v26.0')
  if (!/^v\d{1,3}\.\d$/.test(graphVersion))
    read.problem(
      `FACEBOOK_GRAPH_VERSION must be a version such as v26.0, not ${JSON.stringify(graphVersion)}.`,
    )
  if (appId && !/^\d{1,30}$/.test(appId))
    read.problem(`FACEBOOK_APP_ID must be the number of an app, not ${JSON.stringify(appId)}.`)
  if (appSecret && !/^[0-9a-f]{16,128}$/i.test(appSecret.reveal()))
    read.problem('FACEBOOK_APP_SECRET must be the hexadecimal secret that the app shows at Meta.')
  const app = {
    configId: read.text('FACEBOOK_CONFIG_ID', undefined),
    scopes: read.list('FACEBOOK_SCOPES', undefined),
    humanAgent: read.oneOf('FACEBOOK_HUMAN_AGENT', ['no', 'yes'] as const, 'no') === 'yes',
    graphVersion,
    graphUrl: read.url('FACEBOOK_GRAPH_URL', 'https://graph.facebook.com'),
    dialogUrl: read.url('FACEBOOK_DIALOG_URL', 'https://www.facebook.com'),
    cdnHosts: read.list('FACEBOOK_CDN_HOSTS', usualCdnHosts),
  }
  if (appId && appSecret && verifyToken) return { appId, appSecret, verifyToken, ...app }
  const given = { FACEBOOK_APP_ID: appId, FACEBOOK_APP_SECRET: appSecret, FACEBOOK_VERIFY_TOKEN: verifyToken }
  const missing = Object.entries(given).flatMap(([name, value]) => (value ? [] : [name]))
  if (missing.length < 3)
    read.problem(`${missing.join(' and ')} must be set beside the rest of the app (docs/facebook.md).`)
  return undefined
}
