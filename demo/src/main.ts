// Runs the contact centre with sample data, a channel on which one plays the customer, and a simulated Facebook behind the cloud.
import { join, resolve } from 'node:path'
import { describeFailure } from '@patchbay/kit/lifecycle.ts'
import { openChannel } from './channel.ts'
import { callbackPath, connectPage, simulated, verifyTokenOf } from './facebook.ts'
import { demandFree } from './ports.ts'
import { startPrograms } from './programs.ts'
import { caller, demoPassword, people, seed } from './seed.ts'

const { env } = process
const host = env.HOST ?? '127.0.0.1'
const at = (port: number): string => `http://localhost:${port}`
const ports = {
  server: Number(env.PORT ?? 3000),
  cloud: Number(env.CLOUD_PORT ?? 3001),
  channel: Number(env.DEMO_PORT ?? 3004),
  simulator: Number(env.SIMULATOR_PORT ?? 3005),
}
const server = at(ports.server)
const cloud = at(ports.cloud)
const simulator = at(ports.simulator)
// Beside a real installation's data, never in it.
const folder = resolve(env.DATA_DIR ?? 'data', 'demo')
const cloudFolder = join(folder, 'cloud')
const verifyToken = verifyTokenOf(folder)
const LOG_LEVEL = env.LOG_LEVEL ?? 'warn'

const tell = (line: string): void => void process.stdout.write(`${line}\n`)
const fail = (error: unknown): void =>
  void process.stderr.write(`The demo could not start: ${describeFailure(error)}\n`)

try {
  await demandFree(host, {
    PORT: ports.server,
    CLOUD_PORT: ports.cloud,
    DEMO_PORT: ports.channel,
    SIMULATOR_PORT: ports.simulator,
  })
} catch (error) {
  fail(error)
  process.exit(1)
}

const programs = startPrograms(
  [
    {
      name: 'contact centre',
      origin: server,
      startFile: 'server/start.js',
      env: {
        PORT: String(ports.server),
        HOST: host,
        DATA_DIR: folder,
        ADMIN_EMAIL: people.admin.email,
        ADMIN_PASSWORD: demoPassword,
        CLOUD_URL: cloud,
        LOG_LEVEL,
      },
    },
    {
      name: 'simulator',
      origin: simulator,
      startFile: 'simulator/start.js',
      env: {
        SIMULATOR_PORT: String(ports.simulator),
        SIMULATOR_REDIRECT_URIS: `${cloud}${callbackPath}`,
        DATA_DIR: folder,
      },
    },
    {
      name: 'cloud',
      origin: cloud,
      startFile: 'cloud/start.js',
      env: {
        CLOUD_PORT: String(ports.cloud),
        CLOUD_HOST: '127.0.0.1',
        DATA_DIR: cloudFolder,
        FACEBOOK_APP_ID: simulated.appId,
        FACEBOOK_APP_SECRET: simulated.appSecret,
        FACEBOOK_VERIFY_TOKEN: verifyToken,
        FACEBOOK_GRAPH_URL: simulator,
        FACEBOOK_DIALOG_URL: simulator,
        FACEBOOK_CDN_HOSTS: 'localhost',
        FACEBOOK_HUMAN_AGENT: 'yes',
        LOG_LEVEL,
      },
    },
  ],
  (code) => stop(code),
)

let stopping = false
function stop(code: number): void {
  if (stopping) return
  stopping = true
  channel?.close().catch(() => undefined)
  programs.stop().then(
    () => process.exit(code),
    () => process.exit(1),
  )
}
process.on('SIGTERM', () => stop(0))
process.on('SIGINT', () => stop(0))

let channel: Awaited<ReturnType<typeof openChannel>> | undefined

try {
  tell('Starting the contact centre, the cloud and a simulated Facebook: half a minute, the first time.')
  await programs.ready()
  tell('Filling in people, accounts and messages.')
  channel = await openChannel({ port: ports.channel })
  await seed({ origin: server, replyUrl: `${channel.origin}/reply`, onAccount: channel.connect })
  tell(`Connecting ${simulated.pageName} on Facebook and Instagram.`)
  await connectPage({
    cloud,
    simulator,
    mailFolder: join(cloudFolder, 'mail'),
    verifyToken,
    password: demoPassword,
    email: people.admin.email,
    admin: caller(server, people.admin.email),
  })
  process.stdout.write(
    [
      '',
      'The demo is ready.',
      `  Play the customer:  ${channel.origin}`,
      `  ... on Facebook:    ${simulator}  a simulator, Messenger and wall of ${simulated.pageName}, and ${simulated.instagramName} on Instagram`,
      `  Answer as an agent: ${server}  sign in as ${people.marta.email} with ${demoPassword}`,
      `  Look at the set-up: ${server}/admin/accounts  sign in as ${people.admin.email} with the same password`,
      'Ctrl-C stops everything.',
      '',
    ].join('\n'),
  )
} catch (error) {
  fail(error)
  stop(1)
}
