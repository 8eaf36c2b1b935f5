// PostgreSQL cut, killed and paused under the program: it says so, goes on by itself, and nothing is lost.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { client } from '../program.ts'
import { eventually } from '../service.ts'
import { childrenOf, clusterOf, postmasterOf, signal } from './processes.ts'
import { folder, start, startCluster } from './start.ts'
import { allTrue } from './truths.ts'
import { endLeases, isLong, ownDatabase, startWorld } from './world.ts'

const ROUNDS = isLong ? 10 : 1

test('an embedded PostgreSQL that is killed, one process or all of them, comes back, and the program was there all the time', async () => {
  const program = await start({ dataDir: await folder() })
  let database = await ownDatabase(program)
  const world = await startWorld({ programs: [program], database })
  for (let round = 0; round < ROUNDS; round++) {
    await world.progress(40, 20)
    const postmaster = await postmasterOf(clusterOf(program))
    const sessions = await childrenOf(postmaster)
    // One process first: PostgreSQL then ends all others and starts again by itself.
    signal(sessions.slice(-1), 'SIGKILL')
    await world.progress(40, 0)
    signal([postmaster], 'SIGKILL')
    await eventually(
      async () =>
        (await postmasterOf(clusterOf(program)).catch(() => postmaster)) !== postmaster || undefined,
      'another postmaster',
      30_000,
    )
    await world.progress(20, 0)
    await database.end().catch(() => {})
    database = await ownDatabase(program)
    await endLeases(database)
    await world.progress(20, 10)
  }
  await world.settle(database)
  expect(await world.judge(database)).toEqual(allTrue)
  expect(new Set(world.customers.refused.map(({ status }) => status))).toEqual(new Set([503]))
  expect(world.customers.refused.filter(({ retryAfter }) => !retryAfter)).toEqual([])
  expect(world.customers.unanswered).toBe(0)
  expect(program.child.exitCode).toBeNull()
  await database.end()
  expect(await program.stop()).toBe(0)
})

test('while PostgreSQL is paused calls are refused with 503 and Retry-After, and afterwards everything goes on', async () => {
  const cluster = await startCluster()
  const program = await cluster.node()
  const database = await cluster.connect()
  const world = await startWorld({ programs: [program], database, customers: 40, pauseMs: 400 })
  await world.progress(40, 20)

  // The one that makes the others first: one that it made meanwhile would go on answering.
  const postmaster = cluster.postgres.serverPid
  signal([postmaster], 'SIGSTOP')
  const all = [postmaster, ...(await childrenOf(postmaster))]
  signal(all, 'SIGSTOP')
  const api = client(program.origin)
  const refusal = await eventually(async () => {
    const answer = await Promise.race([api.raw('GET', '/api/me'), sleep(500)])
    return answer?.status === 503 ? answer : undefined
  }, 'a refusal of the API')
  expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refusal.json()).toMatchObject({ code: 'GE-109' })
  expect((await fetch(`${program.origin}/healthz`)).status).toBe(200)
  expect((await fetch(`${program.origin}/readyz`)).status).toBe(503)
  // What is under way waits with the database; what waits behind it is refused as not stored.
  await eventually(
    () => world.customers.refused.length > 0 || undefined,
    'a refusal of the Receive URL',
    20_000,
  )
  if (isLong) await sleep(20_000)
  signal(all, 'SIGCONT')

  await world.progress(60, 30)
  // Whose outcome could not be written is made again when its lease has ended.
  await endLeases(database)
  await world.settle()
  expect(await world.judge()).toEqual(allTrue)
  expect(world.customers.refused).toContainEqual({ status: 503, code: 'OC-110', retryAfter: '1' })
  await database.end()
  expect(await program.stop()).toBe(0)
})

test('the recorder sees answers that were never delivered, and messages that were stored twice', async () => {
  const program = await start({ dataDir: await folder() })
  const database = await ownDatabase(program)
  const world = await startWorld({ programs: [program], database, customers: 6, agents: 2 })
  await world.progress(20, 10)
  await world.settle()
  await database.query(`
    drop index message_seq;
    insert into message (interaction_id, account_id, contact_id, seq, direction, body, status)
      select interaction_id, account_id, contact_id, seq, direction, body, status from message where direction = 'in'
      order by id limit 1;
    update event set seq = seq + 1 where (interaction_id, seq) in (select interaction_id, max(seq) from event group by 1 limit 1)`)
  const calls = world.receiver.calls as unknown[]
  calls.splice(0, 1)
  const truths = await world.judge()
  expect(truths.doubled).toHaveLength(1)
  expect(truths.gaps).toHaveLength(1)
  expect(truths.undelivered).toHaveLength(1)
  await database.end()
  await program.stop()
})
