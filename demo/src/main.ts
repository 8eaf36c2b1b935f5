// Runs the contact centre with sample data and a channel on which one plays the customer.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openChannel } from './channel.ts'
import { demoPassword, people, seed } from './seed.ts'

const server = {
  port: Number(process.env.PORT ?? 3000),
  host: process.env.HOST ?? '127.0.0.1',
}
const origin = `http://localhost:${server.port}`
const channelPort = Number(process.env.DEMO_PORT ?? 3004)

const program = spawn(process.execPath, [fileURLToPath(new URL('../../server/start.js', import.meta.url))], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    PORT: String(server.port),
    HOST: server.host,
    // Beside a real installation's data, never in it.
    DATA_DIR: resolve(process.env.DATA_DIR ?? 'data', 'demo'),
    ADMIN_EMAIL: people.admin.email,
    ADMIN_PASSWORD: demoPassword,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  },
})

let stopping = false
function stop(code: number): void {
  if (stopping) return
  stopping = true
  channel?.close().catch(() => undefined)
  if (program.exitCode !== null) process.exit(code)
  program.once('exit', () => process.exit(code))
  program.kill('SIGTERM')
}
process.on('SIGTERM', () => stop(0))
process.on('SIGINT', () => stop(0))
program.once('exit', (code) => {
  if (!stopping) process.exit(code ?? 1)
})

let channel: Awaited<ReturnType<typeof openChannel>> | undefined

try {
  await ready()
  channel = await openChannel({ port: channelPort })
  await seed({ origin, replyUrl: `${channel.origin}/reply`, onAccount: channel.connect })
  process.stdout.write(
    [
      '',
      'The demo is ready.',
      `  Play the customer:  ${channel.origin}`,
      `  Answer as an agent: ${origin}  sign in as ${people.marta.email} with ${demoPassword}`,
      `  Look at the set-up: ${origin}/admin/accounts  sign in as ${people.admin.email} with the same password`,
      'Ctrl-C stops everything.',
      '',
    ].join('\n'),
  )
} catch (error) {
  process.stderr.write(
    `The demo could not start: ${error instanceof Error ? error.message : String(error)}\n`,
  )
  stop(1)
}

async function ready(): Promise<void> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resume) => setTimeout(resume, 150))
  }
  throw new Error(`the contact centre did not answer at ${origin} within a minute`)
}
