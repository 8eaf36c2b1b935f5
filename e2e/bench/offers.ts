// How long it takes from an agent freeing up to the next offer on his socket, with a crowd waiting, beside the answer to the same request.
import { setTimeout as sleep } from 'node:timers/promises'
import { newKey } from '@patchbay/kit/crypto.ts'
import { openDatabase } from '@patchbay/kit/database.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { Agent, request } from 'undici'
import { dataFolder, startProgram } from '../program.ts'
import { type BenchDesk, benchEnv, connectDesks, makeAccounts, makeAgents } from './desks.ts'

const ACCOUNTS = 50
const QUEUES = 10
const AGENTS = Number(process.env.BENCH_AGENTS ?? 1000)
const WAITING = Number(process.env.BENCH_WAITING ?? 10_000)
const RATE = Number(process.env.BENCH_RATE ?? 40)
const SECONDS = Number(process.env.BENCH_SECONDS ?? 15)

/** An agent with one slot, what he is offered or has, and who waits for his next offer. */
interface Seat {
  key: string
  has: number | null
  isBusy: boolean
  offered: (interactionId: number) => void
}

export async function run(): Promise<void> {
  const folder = await dataFolder()
  const postgres = await startEmbedded({ dataDir: `${folder.path}/postgres` })
  const dispatcher = new Agent({ connections: 32 })
  const desks: BenchDesk[] = []
  try {
    const server = await startProgram({
      dataDir: folder.path,
      env: { DATABASE_URL: postgres.url, SECRET_KEY: newKey(), ...benchEnv },
    })
    try {
      const accounts = await makeAccounts(server.origin, ACCOUNTS)
      const keys = await makeAgents(postgres.url, accounts, AGENTS / ACCOUNTS)
      const seats = keys.map((key): Seat => ({ key, has: null, isBusy: true, offered: () => {} }))
      await eachOf(seats, async (seat) => {
        desks.push(...(await connectDesks(server.port, [seat.key], (text) => hear(seat, text))))
      })
      await seed(postgres.url)
      const call = async (seat: Seat, id: number, verb: string): Promise<number> => {
        const from = performance.now()
        const url = `${server.origin}/api/openchannel/interactions/${id}/${verb}?apikey=${seat.key}`
        const headers = { 'content-type': 'application/json' }
        const answer = await request(url, { method: 'POST', dispatcher, headers, body: '{}' })
        const text = await answer.body.text()
        if (answer.statusCode >= 300) throw new Error(`${verb} was answered ${answer.statusCode}: ${text}`)
        return performance.now() - from
      }
      const begin = performance.now()
      await eachOf(seats, async (seat) => {
        while (seat.has === null) await sleep(20)
        await call(seat, seat.has, 'accept')
        seat.isBusy = false
      })
      process.stdout.write(
        `offers: ${AGENTS} agents with one slot in ${QUEUES} queues of ${ACCOUNTS} accounts, ${WAITING} waiting; ` +
          `all have accepted one after ${Math.round(performance.now() - begin)} ms\n`,
      )
      const answeredMs: number[] = []
      const offeredMs: number[] = []
      const free = async (seat: Seat): Promise<void> => {
        const { has } = seat
        if (has === null) return
        seat.isBusy = true
        const from = performance.now()
        const next = new Promise<number>((resolve) => {
          seat.offered = resolve
        })
        answeredMs.push(await call(seat, has, 'close'))
        const id = await next
        offeredMs.push(performance.now() - from)
        await call(seat, id, 'accept')
        seat.isBusy = false
      }
      await drive(seats, free, 3)
      answeredMs.length = 0
      offeredMs.length = 0
      await drive(seats, free, SECONDS)
      process.stdout.write(
        `${line('closing answered', answeredMs)}${line('next offer on his socket', offeredMs)}` +
          `  ${offeredMs.length} agents freed up at ${RATE}/s\n`,
      )
    } finally {
      for (const desk of desks) desk.cut()
      await server.stop()
    }
  } finally {
    await dispatcher.close()
    await postgres.stop()
    await folder.remove()
  }
}

function hear(seat: Seat, text: string): void {
  if (!text.startsWith('{"type":"offers"')) return
  const id = Number(/"interactionId":(\d+)/.exec(text)?.[1] ?? Number.NaN)
  if (Number.isNaN(id) || id === seat.has) return
  seat.has = id
  seat.offered(id)
}

/** Members, their presence and the crowd. By SQL: what is measured begins when they are there. */
async function seed(url: string): Promise<void> {
  const { pool, close } = await openDatabase({ url, max: 1 })
  try {
    await pool.query(`
      insert into queue (name, strategy, agent_timeout_seconds)
        select 'Bench ' || n, (array['rrmemory', 'leastrecent', 'fewestactive'])[1 + n % 3], 3600 from generate_series(1, ${QUEUES}) n;
      insert into queue_agent (queue_id, user_id)
        select 1 + account_id % ${QUEUES}, user_id from account_agent where account_id in (select id from account);
      update app_user set capacity = 1 where name like 'bench%';
      insert into contact (id, list_id, first_name) select 1000000 + n, (select min(list_id) from account), 'Customer ' || n
        from generate_series(1, ${WAITING + AGENTS}) n;
      insert into interaction (account_id, contact_id, state, waiting_since, seq, queue_id)
        select id, 1000000 + n, 'queued', now() - n * interval '1 ms', 1, 1 + id % ${QUEUES}
        from generate_series(1, ${WAITING + AGENTS}) n
        join (select id, row_number() over (order by id) as nr from account where name like 'Bench%') account on nr = 1 + n % ${ACCOUNTS};
      insert into event (interaction_id, seq, type) select id, 1, 'opened' from interaction;
      insert into queue_entry (interaction_id, account_id, queue_id, entered_at)
        select id, account_id, queue_id, waiting_since from interaction;
      insert into presence (user_id, state, lease_until) select id, 'available', now() + interval '1 hour'
        from app_user where name like 'bench%'
        on conflict (user_id) do update set state = 'available', lease_until = excluded.lease_until;
      analyze`)
  } finally {
    await close()
  }
}

async function drive(
  seats: readonly Seat[],
  free: (seat: Seat) => Promise<void>,
  seconds: number,
): Promise<void> {
  const underWay: Promise<void>[] = []
  const from = performance.now()
  for (let n = 0; n < RATE * seconds; ) {
    const due = Math.min(RATE * seconds, ((performance.now() - from) / 1000) * RATE)
    for (; n < due; n++) {
      const idle = seats.filter(({ isBusy }) => !isBusy)
      const seat = idle[Math.floor(Math.random() * idle.length)]
      if (seat) underWay.push(free(seat))
    }
    await sleep(2)
  }
  await Promise.all(underWay)
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      for (let item = items[next++]; item; item = items[next++]) await work(item)
    }),
  )
}

function line(name: string, ms: readonly number[]): string {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1)
  return `  ${name.padEnd(26)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms\n`
}
