import { setTimeout as sleep } from 'node:timers/promises'
import cookie from '@fastify/cookie'
import { createHttp } from '@patchbay/kit/http.ts'
import { sql } from 'kysely'
import { afterAll, expect, test, vi } from 'vitest'
import { type Person, startTestServer, type TestAccount, type TestNode } from '../../testing.ts'
import { createBoard } from '../../views/board.ts'
import { acceptSockets, deskSocket } from './desk-socket.ts'
import { createDesk, type Desk, fetchRows, fetchThread } from './testing.ts'

const server = await startTestServer()
const another = await server.another()
const { db } = server.ctx

async function office(): Promise<{ account: TestAccount; agent: Person; desk: Desk }> {
  const agent = await server.makeUser()
  const account = await server.makeAccount({ agents: [agent] })
  return { account, agent, desk: createDesk(server, agent) }
}

async function write(account: TestAccount, body: string, from: string): Promise<number> {
  const answer = await server.receive(account, { from, mapKey: 'phone', body })
  return answer.body.interaction?.id ?? 0
}

const bodies = (desk: Desk, id: number): string[] =>
  desk.state.threads.get(id)?.items.flatMap(({ message }) => message?.body ?? []) ?? []

test('the first connection is told to fetch, one without a loss that it is current', async () => {
  const { desk } = await office()
  expect(await desk.connect()).toMatchObject({ mode: 'reset' })
  await desk.cut()
  expect(await desk.connect()).toMatchObject({ mode: 'current' })
})

test('a returning desk is sent what it missed, the thread on screen without a gap, before it is told that it is in sync', async () => {
  const { account, desk } = await office()
  const id = await write(account, 'one', '+1')
  await desk.connect()
  await desk.open(id)
  await desk.cut()
  for (const body of ['two', 'three']) await write(account, body, '+1')
  const late = await write(account, 'somebody else', '+2')
  expect(await desk.connect()).toMatchObject({ mode: 'delta' })
  expect(desk.state.rows.get(id)?.preview).toBe('three')
  expect(desk.state.rows.get(late)?.preview).toBe('somebody else')
  expect(bodies(desk, id)).toEqual(['one', 'two', 'three'])
})

test('a desk that opens or closes a thread while it is greeted is told only what it still lacks', async () => {
  const { account, desk } = await office()
  const opened = await write(account, 'one', '+1')
  const closed = await write(account, 'one', '+2')
  const left = await write(account, 'one', '+3')
  await desk.connect()
  for (const id of [opened, closed, left]) await desk.open(id)
  await desk.cut()
  for (const from of ['+1', '+2', '+3']) await write(account, 'two', from)
  const known = desk.messages.length
  const back = desk.connect()
  desk.ws.once('open', () => {
    desk.say({ type: 'open', interactionId: opened, seq: 1000 })
    desk.say({ type: 'close', interactionId: closed })
  })
  await back
  const told = desk.messages.slice(known).flatMap((one) => (one.type === 'thread' ? one.interactionId : []))
  expect(told).toEqual([left])
})

test('a desk returns to another node, also to one that nobody was connected to', async () => {
  const { account, desk } = await office()
  await desk.connect()
  await desk.cut()
  const id = await write(account, 'meanwhile', '+1')
  expect(await desk.connect(await server.another())).toMatchObject({ mode: 'delta' })
  expect(desk.state.rows.get(id)?.preview).toBe('meanwhile')
})

test('whoever comes with a cursor of ten minutes ago, of the future or of nobody is told to fetch', async () => {
  const { desk } = await office()
  const { cursor } = await desk.connect()
  await desk.cut()
  for (const wrong of [Number(cursor) - 11 * 60_000, Number(cursor) + 60_000, 'x', '', 'NaN', '-Infinity']) {
    const returning = createDesk(server, (await office()).agent, { cursor: String(wrong) })
    expect([wrong, (await returning.connect()).mode]).toEqual([wrong, 'reset'])
    await returning.cut()
  }
})

test('whoever missed more than 500 interactions is told to fetch; who missed 500 is sent them', async () => {
  const { account, agent, desk } = await office()
  await desk.connect()
  await desk.cut()
  const cursor = desk.state.cursor
  await makeInteractions(account, 500)
  const exact = createDesk(server, agent, { cursor })
  expect(await exact.connect()).toMatchObject({ mode: 'delta' })
  expect(exact.state.rows.size).toBe(500)
  await exact.cut()
  await makeInteractions(account, 1)
  expect(await desk.connect()).toMatchObject({ mode: 'reset' })
  expect(desk.state.rows.size).toBe(501)
})

test('a thread that is hundreds of items behind catches up in order', async () => {
  const { account, desk } = await office()
  const id = await write(account, 'first', '+1')
  await desk.connect()
  await desk.open(id)
  await desk.cut()
  await sql`select append_event(${id}, 'changed', null, null, null) from generate_series(1, 450)`.execute(db)
  await desk.connect()
  const thread = desk.state.threads.get(id)
  expect(thread?.gap).toBe(false)
  expect(thread?.items.map(({ seq }) => seq)).toEqual(
    Array.from({ length: thread?.seq ?? 0 }, (_, n) => n + 1),
  )
  expect(thread?.seq).toBeGreaterThan(450)
})

test('without a doorbell a message comes by the poll; without both it stays away', async () => {
  const { account, agent } = await office()
  const [polling, deaf] = [await deafNode(100), await deafNode(3_600_000)]
  const [desk, deafDesk] = [createDesk(polling, agent), createDesk(deaf, agent)]
  await Promise.all([desk.connect(), deafDesk.connect()])
  const id = await write(account, 'is anybody there?', '+1')
  await vi.waitFor(() => expect(desk.state.rows.get(id)?.preview).toBe('is anybody there?'))
  await sleep(300)
  expect(deafDesk.state.rows.has(id)).toBe(false)
})

test('more of a thread than is good to push is left to a fetch, and the thread goes on from there', async () => {
  const { account, agent, desk } = await office()
  const id = await write(account, 'first', '+1')
  await desk.connect()
  await desk.open(id)
  await desk.cut()
  for (let count = 0; count < 3; count++) await longMessage(id)
  await desk.connect()
  expect(desk.state.threads.get(id)?.gap).toBe(true)
  await desk.open(id)
  await write(account, 'last', '+1')
  await vi.waitFor(() => expect(bodies(desk, id).at(-1)).toBe('last'))
  expect(desk.state.threads.get(id)?.items).toEqual((await fetchThread(server, agent, id))?.items)
})

test('a desk that does not take what it is sent is closed, and comes back whole', async () => {
  const { account, agent, desk } = await office()
  await makeInteractions(account, 500)
  const ids = (await fetchRows(server, agent)).map((row) => row.id)
  // Nobody else is connected to that node.
  await desk.connect(another)
  expect(await openSockets(another)).toBe(1)
  desk.ws.pause()
  // The kernel takes some megabytes before anything gathers here, and rings of one moment are one message.
  while ((await openSockets(another)) > 0) {
    await sql`select append_event(id, 'changed', null, null, null) from unnest(${ids}::bigint[]) id`.execute(
      db,
    )
    another.ctx.push.ring({ interactions: ids })
  }
  desk.ws.resume()
  // The goodbye itself may not get through.
  expect([4002, 1006]).toContain(await desk.closed)
  await desk.cut()
  await desk.connect()
  const fetched = await fetchRows(server, agent)
  expect(fetched.map((row) => desk.state.rows.get(row.id))).toEqual(fetched)
})

test('a stopping server says so, and the desk goes on at another node', async () => {
  const { account, agent } = await office()
  const stopping = await deafNode(100)
  const desk = createDesk(stopping, agent)
  await desk.connect()
  await stopping.stop()
  expect(await desk.closed).toBe(1001)
  expect(desk.state.end).toBe('stopping')
  const id = await write(account, 'meanwhile', '+1')
  await desk.cut()
  expect(await desk.connect(another)).toMatchObject({ mode: 'delta' })
  expect(desk.state.rows.has(id)).toBe(true)
})

test('a desk that comes back while the server is still stopping is sent on, and the server ends', async () => {
  const { agent } = await office()
  const board = createBoard(db)
  const looking = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  let isSlow = false
  const poll = async () => {
    if (isSlow) {
      looking.resolve()
      await goOn.promise
    }
    return board.poll()
  }
  const stopping = await deafNode(100, { ...board, poll })
  await createDesk(stopping, agent).connect()
  isSlow = true
  await looking.promise
  const stopped = stopping.stop()
  // One that had not yet said what it wants when idle connections were closed is not let in at all, and comes again.
  const comeBack = async () => {
    const late = createDesk(stopping, agent)
    await expect(late.connect()).rejects.toThrow()
    return late.closed
  }
  await expect.poll(comeBack).toBe(1001)
  goOn.resolve()
  await stopped
})

test('hundreds of desks that lose their connections at one moment all come back at one moment, and each shows what is there', async () => {
  const { account, agent, desk: first } = await office()
  const { cursor } = await first.connect()
  await write(account, 'before', '+0')
  const desks = Array.from({ length: 300 }, () => createDesk(server, agent, { cursor }))
  await Promise.all(desks.map((desk) => desk.connect()))
  await Promise.all(desks.map((desk) => desk.cut()))
  for (let n = 1; n <= 10; n++) await write(account, `meanwhile ${n}`, `+${n}`)
  // The control: who is away knows nothing of it.
  expect(desks.filter(({ state }) => state.rows.size > 1)).toEqual([])
  const modes = await Promise.all(
    desks.map(async (desk, place) => (await desk.connect(place % 2 === 0 ? server : another)).mode),
  )
  expect(new Set(modes)).toEqual(new Set(['delta']))
  const fetched = await fetchRows(server, agent)
  expect(fetched).toHaveLength(11)
  for (const { state } of desks) expect(fetched.map(({ id }) => state.rows.get(id))).toEqual(fetched)
  await Promise.all(desks.map((desk) => desk.cut()))
})

async function openSockets(node: TestNode): Promise<number> {
  const text = await (await fetch(`${node.url}/metrics`)).text()
  return Number(/^patchbay_desk_sockets (\d+)$/m.exec(text)?.[1])
}

/** A node whose sockets hear no ring, and look for themselves every `pollMs`. */
async function deafNode(
  pollMs: number,
  board = createBoard(db),
): Promise<TestNode & { stop(): Promise<void> }> {
  const http = createHttp({ log: server.ctx.log })
  await http.register(cookie)
  const push = { ...server.ctx.push, onRing: () => () => {} }
  const ctx = { ...server.ctx, push }
  deskSocket(http, ctx, await acceptSockets(http, ctx, board, { pollMs, triggers: { isOn: () => false } }))
  const url = await http.listen({ host: '127.0.0.1', port: 0 })
  const stop = async (): Promise<void> => {
    await http.close()
  }
  afterAll(stop)
  return { ...server, url, stop }
}

async function makeInteractions(account: TestAccount, count: number): Promise<void> {
  await sql`
    insert into interaction (account_id, contact_id, waiting_since, last_message_preview)
    select ${account.id}, 1000000 + n + (select coalesce(max(id), 0) from interaction), now(), repeat('x', 200)
    from generate_series(1, ${count}) n`.execute(db)
  await sql`
    select append_event(id, 'opened', null, null, null) from interaction
    where account_id = ${account.id} and seq = 0`.execute(db)
}

async function longMessage(interactionId: number): Promise<void> {
  await sql`
    with changed as (update interaction set seq = seq + 1 where id = ${interactionId} returning *)
    insert into message (interaction_id, account_id, contact_id, seq, direction, body, status)
    select id, account_id, contact_id, seq, 'in', repeat('x', 1000000), 'received' from changed`.execute(db)
}
