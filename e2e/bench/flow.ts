// How much is taken in while new interactions run through a flow of five steps, beside plain ingest in the same run, and whether the flow keeps up.
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { newKey } from '@patchbay/kit/crypto.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { type Client, client, dataFolder, startProgram } from '../program.ts'
import { cpuSeconds } from './cpu.ts'
import { feed } from './feed.ts'
import { median, spread } from './figures.ts'
import { type Account, ask, CONTACTS, messages, print, seed } from './ingest.ts'
import { hasWrk, type Measured, runWrk } from './wrk.ts'

const NEW_PER_SECOND = 500
const FIRST_NEW = 7_000_000_000
// A machine that others use is not the same from one minute to the next: short periods in turn, each beside the two around it.
const PAIRS = Number(process.env.BENCH_PAIRS ?? 8)
const PERIOD_SECONDS = 5

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
      const drive = (seconds: number): Promise<Measured> =>
        runWrk({ url: plain.receiveUrl, connections: 64, seconds, script, folder: folder.path })
      const spent = (): Spent => ({
        program: cpuSeconds(server.child.pid ?? 0),
        database: cpuSeconds(process.pid, 'postgres'),
      })
      const timed = async (): Promise<Period> => {
        const before = spent()
        const measured = await drive(PERIOD_SECONDS)
        const after = spent()
        return {
          measured,
          program: after.program - before.program,
          database: after.database - before.database,
        }
      }
      await drive(3)
      const alone = [await timed()]
      const beside: Period[] = []
      let opened = 0
      let fedSeconds = 0
      let behind = 0
      let refused = 0
      for (let pair = 0; pair < PAIRS; pair++) {
        const first = FIRST_NEW + opened
        const feeding = await feed(flowing.receiveUrl, NEW_PER_SECOND, (index) =>
          JSON.stringify({ from: `+44${first + index}`, mapKey: 'phone', body: 'My order?' }),
        )
        beside.push(await timed())
        const { sent, seconds, failures } = await feeding.stop()
        refused += failures
        opened += sent
        fedSeconds += seconds
        behind = Math.max(behind, await countOf(postgres.url, 'route_request'))
        alone.push(await timed())
      }
      report({
        alone,
        beside,
        opened,
        refused,
        fedSeconds,
        behind,
        ran: await countOf(postgres.url, 'action_run'),
      })
    } finally {
      await server.stop()
    }
  } finally {
    await postgres.stop()
    await folder.remove()
  }
}

/** Seconds of processor time. */
interface Spent {
  program: number
  database: number
}

interface Period extends Spent {
  measured: Measured
}

function report(of: {
  alone: Period[]
  beside: Period[]
  opened: number
  refused: number
  fedSeconds: number
  behind: number
  ran: number
}): void {
  const perSecond = of.opened / of.fedSeconds
  const plain = (pair: number): number =>
    ((of.alone[pair]?.measured.perSecond ?? 0) + (of.alone[pair + 1]?.measured.perSecond ?? 0)) / 2
  const shares = of.beside.map(({ measured }, pair) => measured.perSecond / plain(pair))
  const withNew = of.beside.map(({ measured }, pair) => (measured.perSecond + perSecond) / plain(pair))
  const taken = (period: Period): number => period.measured.perSecond * PERIOD_SECONDS
  const ofPlain = (who: keyof Spent): number => median(of.alone.map((period) => period[who] / taken(period)))
  const ofNew = (who: keyof Spent): number =>
    median(
      of.beside.map((period) => (period[who] - ofPlain(who) * taken(period)) / (perSecond * PERIOD_SECONDS)),
    )
  const us = (of: (who: keyof Spent) => number): string =>
    `${(of('program') * 1e6).toFixed(0)} us of the program and ${(of('database') * 1e6).toFixed(0)} us of the database`
  const line = (name: string, periods: Period[]): void => {
    const of = (what: (measured: Measured) => number): number =>
      median(periods.map(({ measured }) => what(measured)))
    print(name, {
      perSecond: of(({ perSecond }) => perSecond),
      p50Ms: of(({ p50Ms }) => p50Ms),
      p99Ms: of(({ p99Ms }) => p99Ms),
      failures: periods.reduce((sum, { measured }) => sum + measured.failures, 0),
    })
  }
  line('stored, no flow beside', of.alone)
  line('stored, with the flow beside', of.beside)
  process.stdout.write(
    `  ${spread(shares)} of the plain ingest beside ${Math.round(perSecond)} new interactions/s through five steps,` +
      ` ${spread(withNew)} with those, which are taken in too;\n` +
      `  a plain message costs ${us(ofPlain)}, a new interaction with its flow ${us(ofNew)};\n` +
      `  ${of.ran} of ${of.opened} had run at the end, ${of.refused} were refused, at most ${of.behind} waited when a period was over; load ${loadavg()[0]?.toFixed(1)}\n`,
  )
}

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

async function countOf(url: string, table: 'route_request' | 'action_run'): Promise<number> {
  return (await ask<{ count: number }>(url, `select count(*)::int as count from ${table}`))?.count ?? 0
}
