// How quick the desk is with 10 000 interactions on a slow machine: switching, scrolling, what it fetches and holds.
import { fileURLToPath } from 'node:url'
import { newKey } from '@patchbay/kit/crypto.ts'
import { openDatabase } from '@patchbay/kit/database.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import type { CDPSession, Page } from 'playwright-core'
import { openBrowser, openPage } from '../browser.ts'
import { admin, client, dataFolder, startProgram } from '../program.ts'

const INTERACTIONS = Number(process.env.BENCH_ROWS ?? 10_000)
const MESSAGES_OF_EACH = 40
const WITH_MESSAGES = 400
const SLOWER = Number(process.env.BENCH_CPU ?? 4)
// Fewer, and two slow ones among them decide what 95 of 100 take.
const SWITCHES = 120
const SWITCHES_WEIGHED = 100
const SCROLL_FRAMES = 120
const IN_MEMORY = 8

export async function run(): Promise<void> {
  const folder = await dataFolder()
  const postgres = await startEmbedded({ dataDir: `${folder.path}/postgres` })
  const browser = await openBrowser()
  try {
    const server = await startProgram({
      dataDir: folder.path,
      env: { DATABASE_URL: postgres.url, SECRET_KEY: newKey(), LOG_LEVEL: 'warn' },
    })
    try {
      process.stdout.write(`desk: seeding ${INTERACTIONS} interactions\n`)
      await seed(server.origin, postgres.url)
      const { page } = await openPage(browser, server.origin)
      await measure(page, server.origin)
    } finally {
      await server.stop()
    }
  } finally {
    await browser.close()
    await postgres.stop()
    await folder.remove()
  }
}

async function seed(origin: string, url: string): Promise<void> {
  const account = await client(origin).send<{ id: number; listId: number }>(
    'POST',
    '/api/openchannel/accounts',
    {
      name: 'Bench',
    },
  )
  const { pool, close } = await openDatabase({ url, max: 1 })
  try {
    await pool.query(`
      insert into contact (list_id, first_name, phone)
        select ${account.listId}, 'Customer ' || i, '+39' || (3400000000 + i) from generate_series(1, ${INTERACTIONS}) as i;
      insert into interaction (account_id, contact_id, state, user_id, seq, assigned_at, last_message_at,
          last_message_direction, last_message_preview)
        select ${account.id}, id, 'assigned', (select id from app_user), ${MESSAGES_OF_EACH + 1}, now(),
          now() - id * interval '1 minute', 'in', 'Where is my order ' || id || '? It was to be here on Monday.'
        from contact;
      insert into event (interaction_id, seq, type) select id, 1, 'opened' from interaction;
      insert into message (interaction_id, account_id, contact_id, seq, direction, body, status, user_id, created_at)
        select i.id, account_id, contact_id, n + 1, case when n % 2 = 0 then 'in' else 'out' end,
          'Message ' || n || ' of ' || i.id || repeat('. Some words that fill a line or two of it', n % 5),
          case when n % 2 = 0 then 'received' else 'sent' end,
          case when n % 2 = 0 then null else i.user_id end, now() - (100 - n) * interval '1 minute'
        from (select * from interaction order by last_message_at desc limit ${WITH_MESSAGES}) as i,
          generate_series(1, ${MESSAGES_OF_EACH}) as n;
      insert into event (interaction_id, seq, type, message_id, user_id, at)
        select interaction_id, seq, 'message', id, user_id, created_at from message where direction = 'out';
      update interaction set seq = 1 where not exists (select from message where interaction_id = interaction.id);
      analyze`)
  } finally {
    await close()
  }
}

async function measure(page: Page, origin: string): Promise<void> {
  const scripts: Promise<number>[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('.js'))
      scripts.push(
        response
          .request()
          .sizes()
          .then(({ responseBodySize }) => responseBodySize),
      )
  })
  await page.addInitScript({ path: fileURLToPath(new URL('desk-page.js', import.meta.url)) })
  const signedIn = await page.request.post(`${origin}/api/session`, { data: admin, headers: { origin } })
  if (!signedIn.ok()) throw new Error(await signedIn.text())
  const devtools = await page.context().newCDPSession(page)
  const slow = (rate: number) => devtools.send('Emulation.setCPUThrottlingRate', { rate })
  await slow(SLOWER)
  const opened = performance.now()
  await page.goto(`${origin}/inbox/mine`)
  await page.locator('.row').first().waitFor()
  const firstRowsMs = performance.now() - opened
  // Without what is fetched ahead later, while nothing else is to do.
  const scriptBytes = (await Promise.all([...scripts])).reduce((sum, bytes) => sum + bytes, 0)

  await slow(1)
  await page.evaluate(`bench.fetchAll(${INTERACTIONS})`)
  await slow(SLOWER)
  const switches = (indices: number[]) =>
    page.evaluate<number[]>(`bench.switches(${JSON.stringify(indices)})`)
  await switches(upTo(IN_MEMORY))
  const cached = await switches(upTo(SWITCHES).map((at) => (at * 3) % IN_MEMORY))
  const uncached = await switches(upTo(SWITCHES).map((at) => 20 + at))
  await slow(1)
  const cachedWork = await work(devtools, () =>
    switches(upTo(SWITCHES_WEIGHED).map((at) => (at * 3) % IN_MEMORY)),
  )
  const uncachedWork = await work(devtools, () =>
    switches(upTo(SWITCHES_WEIGHED).map((at) => 20 + SWITCHES + at)),
  )
  await slow(SLOWER)
  const frames = await page.evaluate<number[]>(`bench.scrollFrames(${SCROLL_FRAMES})`)
  const { nodes, heapBytes } = await page.evaluate<{ nodes: number; heapBytes: number }>('bench.size()')
  process.stdout.write(
    [
      `desk: CPU ${SLOWER} times slower, ${INTERACTIONS} rows in the list`,
      `  first rows after ${Math.round(firstRowsMs)} ms, with ${(scriptBytes / 1024).toFixed(1)} KB of script over the wire`,
      `  switching, in memory:     ${figures(cached)}   ${cachedWork} at full speed`,
      `  switching, fetched first: ${figures(uncached)}   ${uncachedWork} at full speed`,
      `  frames while scrolling:   ${figures(frames)}`,
      `  ${nodes} DOM nodes, ${(heapBytes / 1024 / 1024).toFixed(1)} MB of heap`,
      '',
    ].join('\n'),
  )
}

/** What the page's thread did for one switch, in its own time: much less disturbed by what else the machine does than what passes. */
async function work(devtools: CDPSession, switches: () => Promise<number[]>): Promise<string> {
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return new Map(metrics.map(({ name, value }) => [name, value * 1000]))
  }
  const before = await read()
  const { length } = await switches()
  const after = await read()
  const each = (name: string) => ((after.get(name) ?? 0) - (before.get(name) ?? 0)) / length
  return `work ${each('TaskDuration').toFixed(1)} ms (script ${each('ScriptDuration').toFixed(1)})`
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at)
}

function figures(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)
  return `p50 ${at(0.5)} ms   p95 ${at(0.95)} ms   worst ${at(0.999)} ms`
}
