// How much is taken in while new interactions run through a flow of five steps, beside plain ingest in the same run, and whether the flow keeps up.
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { newKey } from '@patchbay/kit/crypto.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { Agent, request } from 'undici'
import { type Client, client, dataFolder, startProgram } from '../program.ts'
import { type Account, ask, CONTACTS, messages, print, SECONDS, seed } from './ingest.ts'
import { hasWrk, type Measured, runWrk } from './wrk.ts'

const NEW_PER_SECOND = 500
const TICK_MS = 20

export async function run(): Promise<void> {
  if (!hasWrk()) {
    process.stdout.write(
      'flow: wrk is not installed (on Debian: apt-get install wrk), so nothing was measured.\n',
    )
    return
  }
  const folder = await dataFolder()
  const postgres = await startEmbedded({ dataDir: join(folder.path, 'postgres') })
  try {
    const server = await startProgram({
      dataDir: folder.path,
      env: { DATABASE_URL: postgres.url, SECRET_KEY: newKey(), LOG_LEVEL: 'warn' },
    })
    try {
      const api = client(server.origin)
      const make = (name: string): Promise<Account> =>
        api.send('POST', '/api/openchannel/accounts', {
          name,
          ratePerSecond: 1_000_000,
          rateBurst: 1_000_000,
        })
      const [plain, flowing] = [await make('Plain'), await make('Flowing')]
      await giveFlow(api, flowing)
      process.stdout.write(`flow: seeding ${CONTACTS} contacts\n`)
      await seed(postgres.url, plain, 'new')
      const script = messages(CONTACTS, 0.1)
      const drive = (seconds = SECONDS): Promise<Measured> =>
        runWrk({ url: plain.receiveUrl, connections: 64, seconds, script, folder: folder.path })
      await drive(3)
      const before = await drive()
      const feeding = feed(flowing.receiveUrl)
      const beside = await drive()
      const { sent, seconds } = await feeding.stop()
      const behind = await countOf(postgres.url, 'route_request')
      const ran = await countOf(postgres.url, 'action_run')
      // A machine that others use is not the same from one minute to the next.
      const after = await drive()
      print('stored, no flow beside, before', before)
      print('stored, with the flow beside', beside)
      print('stored, no flow beside, after', after)
      const plainly = (before.perSecond + after.perSecond) / 2
      const opened = sent / seconds
      process.stdout.write(
        `  ${share(beside.perSecond, plainly)} of the plain ingest beside ${Math.round(opened)} new interactions/s through five steps,` +
          ` ${share(beside.perSecond + opened, plainly)} with those, which are taken in too;\n` +
          `  ${ran} of ${sent} had run when the last was answered, ${behind} waited; load ${loadavg()[0]?.toFixed(1)}\n`,
      )
    } finally {
      await server.stop()
    }
  } finally {
    await postgres.stop()
    await folder.remove()
  }
}

const share = (part: number, whole: number): string => (part / whole).toFixed(2)

async function giveFlow(api: Client, { id }: Account): Promise<void> {
  const queue = await api.send<{ id: number }>('POST', '/api/openchannel/queues', { name: 'Bench' })
  const tag = await api.send<{ id: number }>('POST', '/api/tags', { name: 'bench' })
  const conditions = { all: [{ variable: 'message.body', operator: 'contains', value: 'order' }], any: [] }
  const actions = [
    {
      type: 'auto-reply',
      text: 'Hello {{contact.firstName}}, we are about to read your message.',
      when: 'once',
    },
    { type: 'go-to-if', conditions, then: 'mark', else: null },
    { id: 'mark', type: 'tag', tagIds: [tag.id] },
    { type: 'noop', text: '{{account.name}}' },
    { type: 'queue', queueId: queue.id },
  ]
  await api.send('PUT', `/api/openchannel/accounts/${id}/actions`, { actions })
  // A Reply URL that nobody serves: the answers are stored and wait behind their breaker.
  await api.send('PATCH', `/api/openchannel/accounts/${id}`, { replyUrl: 'http://127.0.0.1:9/reply' })
}

/** New customers at a steady rate, whatever the answers take. */
function feed(url: string): { stop(): Promise<{ sent: number; seconds: number }> } {
  // Of few connections: what the driver takes, the program does not have.
  const dispatcher = new Agent({ connections: 8, pipelining: 8 })
  const pending = new Set<Promise<unknown>>()
  const startedMs = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedMs) / 1000) * NEW_PER_SECOND)
    for (; sent < due; sent++) {
      const body = JSON.stringify({ from: `+44${7_000_000_000 + sent}`, mapKey: 'phone', body: 'My order?' })
      const headers = { 'content-type': 'application/json' }
      const post = request(url, { method: 'POST', dispatcher, headers, body })
        .then((answer) => answer.body.dump())
        .catch(() => {})
        .finally(() => pending.delete(post))
      pending.add(post)
    }
  }, TICK_MS)
  return {
    async stop() {
      clearInterval(timer)
      const seconds = (performance.now() - startedMs) / 1000
      await Promise.all(pending)
      await dispatcher.close()
      return { sent, seconds }
    },
  }
}

async function countOf(url: string, table: 'route_request' | 'action_run'): Promise<number> {
  return (await ask<{ count: number }>(url, `select count(*)::int as count from ${table}`))?.count ?? 0
}
