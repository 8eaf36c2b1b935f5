// A small contact centre at work: customers write, agents accept and answer, the Reply URL takes the answers, and all of it is remembered.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { type Client, client, type Program } from '../program.ts'
import { eventually, makeKey, makeUser, type OwnAccount } from '../service.ts'
import { type Agent, startAgent } from './agents.ts'
import { type Customers, startCustomers } from './customers.ts'
import { type Behaviour, type Receiver, startReceiver } from './receiver.ts'
import { judge, type Truths } from './truths.ts'

/** `npm run faults` takes the long form: more rounds of the same. */
export const isLong = process.env.FAULTS === 'long'

/** Of the work between two faults, what the short form does. */
const share = isLong ? 1 : 0.5

export interface World {
  readonly account: OwnAccount
  readonly queueId: number
  readonly receiver: Receiver
  readonly customers: Customers
  readonly agents: readonly Agent[]
  /** Of the agents, in their order. */
  readonly keys: readonly string[]
  /** The work itself: resolves when so many more messages (the short form: half of them) were acknowledged and answers taken by the Reply URL. */
  progress(messages: number, answers: number, withinMs?: number): Promise<void>
  /** Lets everybody finish and waits until nothing is owed any more; `database` when the first one was lost. */
  settle(database?: pg.Client): Promise<void>
  /** Compares what everybody remembers with what is there, and sends everybody home. */
  judge(database?: pg.Client): Promise<Truths>
}

export interface WorldOptions {
  /** The first makes the account; all of them are used. */
  programs: readonly Program[]
  database: pg.Client
  customers?: number
  agents?: number
  pauseMs?: number
  agentTimeoutSeconds?: number
  /** Whether agents close and hand on what they have answered for a while; they do unless told otherwise. */
  closing?: boolean
  /** How the Reply URL answers; well unless told otherwise. */
  reply?: Behaviour
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const { programs } = options
  const origins = programs.map(({ origin }) => origin)
  const api = client(origins[0] ?? '')
  const receiver = await startReceiver(options.reply && { '/replies': options.reply })
  const { account, queueId } = await makePlace(api, `${receiver.origin}/replies`, options.agentTimeoutSeconds)
  const people = await Promise.all(
    Array.from({ length: options.agents ?? 4 }, () => hire(api, origins[0] ?? '')),
  )
  const ids = people.map(({ userId }) => userId)
  await api.send('PUT', `/api/openchannel/accounts/${account.id}/agents`, { ids })
  await api.send('PUT', `/api/openchannel/queues/${queueId}/agents`, { ids })

  const path = new URL(account.receiveUrl)
  const receiveUrls = origins.map((origin) => `${origin}${path.pathname}${path.search}`)
  const { customers: count = 12, pauseMs } = options
  const customers = startCustomers({ receiveUrls, count, ...(pauseMs !== undefined && { pauseMs }) })
  const claims = new Map<number, number>()
  const agents = people.map(({ key, userId }, place) =>
    // Spread over the nodes.
    startAgent({
      origins: rotate(origins, place),
      key,
      userId,
      queueId,
      claims,
      ...(options.closing === false && { answersEach: Infinity }),
    }),
  )

  const desks = agents.map(({ desk }) => desk)
  const sendHome = async (): Promise<void> => {
    customers.abandon()
    await Promise.all(agents.map((agent) => agent.stop()))
    await Promise.all(desks.map((desk) => desk.close()))
    await receiver.stop()
  }
  onTestFinished(sendHome)

  return {
    account,
    queueId,
    receiver,
    customers,
    agents,
    keys: people.map(({ key }) => key),
    async progress(messages, answers, withinMs = 60_000) {
      const acknowledged = customers.acknowledged.length + messages * share
      const taken = receiver.calls.length + answers * share
      await eventually(
        () => (customers.acknowledged.length >= acknowledged && receiver.calls.length >= taken) || undefined,
        `${messages} messages and ${answers} answers more`,
        withinMs,
      )
    },
    async settle(database = options.database) {
      await customers.stop()
      for (const agent of agents) agent.readAll()
      await eventually(() => isAllAnswered(database), 'all messages to be answered', 60_000)
      await Promise.all(agents.map((agent) => agent.stop()))
      await eventually(() => isNothingOwed(database), 'all deliveries to be made', 60_000)
      // Not being in sync is for the judge to say.
      await eventually(() => areInSync(database, desks), 'the desks to be in sync').catch(() => {})
    },
    async judge(database = options.database) {
      await customers.stop()
      await Promise.all(agents.map((agent) => agent.stop()))
      const answers = agents.flatMap((agent) => agent.answers)
      const { acknowledged } = customers
      const truths = await judge(database, { acknowledged, answers, calls: receiver.calls, desks })
      await sendHome()
      return truths
    },
  }
}

async function makePlace(api: Client, replyUrl: string, agentTimeoutSeconds = 5) {
  const name = `Ordeal ${Math.random().toString(36).slice(2)}`
  const account = await api.send<OwnAccount>('POST', '/api/openchannel/accounts', {
    name,
    replyUrl,
    ratePerSecond: 1_000_000,
    rateBurst: 1_000_000,
  })
  const queue = await api.send<{ id: number }>('POST', '/api/openchannel/queues', {
    name,
    agentTimeoutSeconds,
  })
  const actions = [{ type: 'queue', queueId: queue.id }]
  await api.send('PUT', `/api/openchannel/accounts/${account.id}/actions`, { actions })
  return { account, queueId: queue.id }
}

async function hire(api: Client, origin: string): Promise<{ userId: number; key: string }> {
  const person = await makeUser(api)
  await api.send('PATCH', `/api/users/${person.user.id}`, { capacity: 100 })
  const { key } = await makeKey(client(origin, person))
  return { userId: person.user.id, key }
}

/** Connects to the database of a program that runs its own. */
export async function ownDatabase(program: Program): Promise<pg.Client> {
  const folder = join(program.dataDir, 'server', 'postgres')
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim()
  return connect({ host: folder, user: 'postgres', database: 'postgres', password })
}

/** A connection that a fault may break: the error comes with the next statement. */
export async function connect(config: pg.ClientConfig): Promise<pg.Client> {
  const database = new pg.Client(config)
  database.on('error', () => {})
  await database.connect()
  return database
}

/** Leases of a worker that is dead run out now: nobody waits half a minute for them in the short form. Who holds a lane is alive. */
export async function endLeases(database: pg.Client): Promise<void> {
  if (isLong) return
  await database.query(`update lane set next_at = now() where (interaction_id, purpose) in
    (select interaction_id, purpose from lane where next_at is not null for update skip locked)`)
}

async function isAllAnswered(database: pg.Client): Promise<true | undefined> {
  const { rows } = await database.query<{ open: boolean }>(
    `select exists (select from message m join interaction i on i.id = m.interaction_id
       where m.direction = 'in' and i.closed_at is null and not exists (select from message a where a.direction = 'out' and a.body = 're ' || m.body)) as open`,
  )
  return rows[0]?.open ? undefined : true
}

async function isNothingOwed(database: pg.Client): Promise<true | undefined> {
  const { rows } = await database.query<{ owed: boolean }>(
    `select exists (select from delivery where state = 'pending') or exists (select from route_request) as owed`,
  )
  return rows[0]?.owed ? undefined : true
}

async function areInSync(
  database: pg.Client,
  desks: readonly { state: { threads: ReadonlyMap<number, { seq: number }> } }[],
): Promise<true | undefined> {
  const { rows } = await database.query<{ id: string; seq: string }>('select id, seq from interaction')
  const seqs = new Map(rows.map(({ id, seq }) => [Number(id), Number(seq)]))
  const isInSync = desks.every(({ state }) =>
    state.threads.entries().every(([id, { seq }]) => seqs.get(id) === seq),
  )
  return isInSync || undefined
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}
