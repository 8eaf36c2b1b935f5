import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { createDoor } from '@patchbay/kit/outbound.ts'
import { parseOutboundAllow } from '@patchbay/kit/outbound-policy.ts'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { type Behave, testDeliveries, until } from './testing.ts'

const world = await testDeliveries()
const { pool, engine, answers, receiver, message } = world
let lastAccount = 0
const newAccount = (): number => ++lastAccount
const ok: Behave = (response) => response.writeHead(200).end()
const statuses = async (ids: readonly number[]): Promise<string[]> => {
  const { rows } = await pool.query<{ status: string }>(
    'select status from message where id = any($1) order by id',
    [ids],
  )
  return rows.map((row) => row.status)
}

test('an answer is posted once, signed, and marked sent with the id that the receiver gave it', async () => {
  const there = await receiver((response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":123456789012345678901}'),
  )
  engine()
  const [made] = await answers(newAccount(), there.url, 1, 1)
  const id = made?.messageIds[0] ?? 0
  await until(async () => (await message(id)).status === 'sent')
  expect(await message(id)).toMatchObject({ channel_id: '123456789012345678901', status_reason: null })
  expect(there.calls).toHaveLength(1)
  const [call] = there.calls
  expect(call?.headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'Patchbay/test',
    'x-attempt': '1',
  })
  const headers = call?.headers as Record<string, string>
  expect(new Webhook(world.secret).verify(call?.body ?? '', headers)).toEqual({ id })
})

test('the answers of an interaction leave one after the other, those of others beside them', async () => {
  const open = new Set<number>()
  let mostAtOnce = 0
  const there = await receiver((response, call) => {
    open.add(call.messageId)
    mostAtOnce = Math.max(mostAtOnce, open.size)
    setTimeout(() => {
      open.delete(call.messageId)
      response.writeHead(200).end()
    }, 20)
  })
  engine()
  const made = await answers(newAccount(), there.url, 6, 4)
  const all = made.flatMap(({ messageIds }) => messageIds)
  await until(() => there.calls.length === all.length)
  for (const { messageIds } of made) {
    const mine = there.calls.map((call) => call.messageId).filter((id) => messageIds.includes(id))
    expect(mine).toEqual(messageIds)
  }
  expect(mostAtOnce).toBeGreaterThan(1)
})

test('a final failure says why and lets the next answer of its interaction pass', async () => {
  const there = await receiver((response, call, calls) =>
    response.writeHead(call === calls[0] && call.messageId % 2 === 1 ? 410 : 200).end('gone'),
  )
  engine()
  const [made] = await answers(newAccount(), there.url, 1, 4)
  const ids = made?.messageIds ?? []
  await until(async () => (await statuses(ids)).every((status) => status === 'sent' || status === 'failed'))
  expect(await statuses(ids)).toEqual(ids.map((id) => (id % 2 === 1 ? 'failed' : 'sent')))
  const failed = ids.find((id) => id % 2 === 1) ?? 0
  expect((await message(failed)).status_reason).toBe('The Reply URL answered 410 Gone.')
})

test('a receiver that says when to come back is not called before, and the webhook id stays the same', async () => {
  let calls = 0
  const there = await receiver((response) => {
    if (++calls === 1) response.writeHead(429, { 'retry-after': '3600' }).end()
    else response.writeHead(200).end()
  })
  engine({ limits: { pollMs: 20 } })
  const [made] = await answers(newAccount(), there.url, 1, 2)
  const [first = 0, second = 0] = made?.messageIds ?? []
  await until(async () => (await message(first)).status === 'retrying')
  const wanted = 3_600_000
  expect((await message(first)).next_attempt_at?.getTime()).toBeGreaterThan(Date.now() + 0.9 * wanted)
  const hour = `interval '1 hour'`
  const due = `select next_at > now() + 0.9 * ${hour} as later from lane where interaction_id = $1`
  expect((await pool.query(due, [made?.interactionId])).rows).toEqual([{ later: true }])
  expect((await message(second)).status).toBe('queued')
  expect(there.calls).toHaveLength(1)
  // As if that time were over.
  await pool.query(`update lane set next_at = next_at - 1.5 * ${hour} where interaction_id = $1`, [
    made?.interactionId,
  ])
  await until(async () => (await message(second)).status === 'sent')
  expect(there.calls.map(({ messageId, attempt }) => [messageId, attempt])).toEqual([
    [first, 1],
    [first, 2],
    [second, 1],
  ])
  expect(there.calls[0]?.webhookId).toBe(there.calls[1]?.webhookId)
  expect(there.calls[2]?.webhookId).not.toBe(there.calls[1]?.webhookId)
})

test('a long backlog of one endpoint drains over the connections it may have, and each lane is claimed about once', async () => {
  let open = 0
  let mostAtOnce = 0
  const there = await receiver((response) => {
    mostAtOnce = Math.max(mostAtOnce, ++open)
    setTimeout(() => {
      open--
      response.writeHead(200).end()
    }, 5)
  })
  const made = await answers(newAccount(), there.url, 300, 1)
  engine({ limits: { connectionsPerOrigin: 8 } })
  await until(() => there.calls.length === 300)
  expect(mostAtOnce).toBeLessThanOrEqual(8)
  expect(mostAtOnce).toBeGreaterThan(2)
  const { rows } = await pool.query(
    'select sum(fence)::int as claims from lane where interaction_id = any($1)',
    [made.map(({ interactionId }) => interactionId)],
  )
  // The first look takes a batch before it knows how little room there is.
  expect(rows[0].claims).toBeLessThanOrEqual(300 + 100)
})

/** Often enough for no answer to seem over; more would be evil to the machine that runs the test. */
const DRIP_MS = 10
/** Made once: to compress it is work for the sender alone. */
const bomb = gzipSync(Buffer.alloc(50_000_000))

function drip(socket: Socket | null, text: string): void {
  const more = setInterval(() => socket?.write(text), DRIP_MS)
  socket?.on('close', () => clearInterval(more)).on('error', () => {})
}

const evils: [string, Behave, string, RegExp | null][] = [
  ['never answers', () => {}, 'retrying', /did not answer within/],
  [
    'sends a body without end',
    (response) => {
      const more = setInterval(() => response.write(Buffer.alloc(16_384, 97)), DRIP_MS)
      response.writeHead(200).on('close', () => clearInterval(more))
    },
    'sent',
    null,
  ],
  [
    'says yes and then nothing more',
    (response) => response.writeHead(200, { 'content-length': '10' }).write('x'),
    'sent',
    null,
  ],
  [
    'sends a bomb of gzip',
    (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    'sent',
    null,
  ],
  [
    'says hello, one header at a time, for ever',
    ({ socket }) => {
      socket?.write('HTTP/1.1 200 OK\r\n')
      drip(socket, 'x-more: yes\r\n')
    },
    'retrying',
    /did not answer within|header/i,
  ],
  [
    'is always about to answer',
    ({ socket }) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n'),
    'retrying',
    /did not answer within|HTTP|connection/,
  ],
  ['breaks the connection', (response) => response.destroy(), 'retrying', /broke the connection/],
  [
    'speaks no HTTP',
    (response) => response.socket?.end('SSH-2.0-dropbear\r\n'),
    'retrying',
    /HTTP|connection/,
  ],
  [
    'redirects',
    (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    'failed',
    /302 Found: redirects are not followed/,
  ],
  ['fails', (response) => response.writeHead(503).end(), 'retrying', /503 Service Unavailable/],
  [
    'answers text that no database takes',
    (response) => response.writeHead(500).end('\0\ud800'),
    'retrying',
    /500/,
  ],
]

test('of endpoints that do evil each hurts its own lane, and a healthy one beside them is served at once', async () => {
  const healthy = await receiver(ok)
  const bad = await Promise.all(evils.map(([, behave]) => receiver(behave)))
  engine({ limits: { timeoutMs: 2000, connections: 24, connectionsPerOrigin: 4, stopWithinMs: 100 } })
  const made = await Promise.all(bad.map(({ url }) => answers(newAccount(), url, 3, 1)))
  const good = await answers(newAccount(), healthy.url, 20, 2)
  await until(() => healthy.calls.length === 40)

  for (const [index, [name, , status, reason]] of evils.entries()) {
    const id = made[index]?.[0]?.messageIds[0] ?? 0
    await until(async () => (await message(id)).status !== 'queued')
    const found = await message(id)
    expect({ name, status: found.status }).toEqual({ name, status })
    if (reason) expect(found.status_reason).toMatch(reason)
  }
  expect(await statuses(good.flatMap(({ messageIds }) => messageIds))).toEqual(Array(40).fill('sent'))
  const { rows } = await pool.query('select max(length(response_body)) as longest from delivery_attempt')
  expect(rows[0].longest).toBeLessThanOrEqual(4096)
})

test('an address that may not be called is a final failure in words, after one attempt', async () => {
  const there = await receiver(ok)
  const where = { host: '127.0.0.1', publicUrl: 'http://localhost' }
  const door = createDoor({ allow: parseOutboundAllow([], where) })
  const closed = engine({ door })
  const [made] = await answers(newAccount(), there.url, 1, 1)
  const id = made?.messageIds[0] ?? 0
  await until(async () => (await message(id)).status === 'failed')
  expect((await message(id)).status_reason).toMatch(/may not be called from here/)
  expect(there.calls).toHaveLength(0)
  await closed.stop()
  await door.close()
})

test('after the last attempt the answer is a dead letter that says how often it was tried', async () => {
  const there = await receiver((response) => response.writeHead(500).end())
  const [made] = await answers(newAccount(), there.url, 1, 1)
  const id = made?.messageIds[0] ?? 0
  await pool.query(
    `update delivery set attempts = 29, created_at = now() - interval '73 hours' where message_id = $1`,
    [id],
  )
  engine()
  await until(async () => (await message(id)).status === 'failed')
  expect((await message(id)).status_reason).toMatch(/500 .* Given up after 30 attempts in 72 hours/)
  const { rows } = await pool.query('select state from delivery where message_id = $1', [id])
  expect(rows).toEqual([{ state: 'dead' }])
})

test('every attempt is on record, and every change of a status is an event without a gap in seq', async () => {
  const there = await receiver((response, call) =>
    response.writeHead(call.attempt < 3 ? 500 : 200).end('well'),
  )
  engine({ retryDelayMs: () => 5 })
  const [made] = await answers(newAccount(), there.url, 1, 1)
  const id = made?.messageIds[0] ?? 0
  await until(async () => (await message(id)).status === 'sent')
  const attempts = await pool.query(
    `select a.attempt, a.status, a.error, a.request_body, a.response_body
     from delivery_attempt a join delivery d on d.id = a.delivery_id where d.message_id = $1 order by a.attempt`,
    [id],
  )
  const error = 'The Reply URL answered 500 Internal Server Error.'
  const bodies = { request_body: `{"id":${id}}`, response_body: 'well' }
  expect(attempts.rows).toEqual([
    { attempt: 1, status: 500, error, ...bodies },
    { attempt: 2, status: 500, error, ...bodies },
    { attempt: 3, status: 200, error: null, ...bodies },
  ])
  const events = await pool.query(
    'select seq, type, data from event where interaction_id = $1 order by seq',
    [made?.interactionId],
  )
  expect(events.rows.map(({ seq, type, data }) => [seq, type, data?.status])).toEqual([
    [1, 'message', undefined],
    [2, 'status', 'retrying'],
    [3, 'status', 'retrying'],
    [4, 'status', 'sent'],
  ])
})

test('a receipt that came before the outcome is not overwritten by it', async () => {
  const there = await receiver(async (response, call) => {
    await pool.query(`update message set status = 'read' where id = $1`, [call.messageId])
    response.writeHead(200).end('{"id":"m.1"}')
  })
  engine()
  const [made] = await answers(newAccount(), there.url, 1, 1)
  const id = made?.messageIds[0] ?? 0
  await until(async () => (await message(id)).channel_id === 'm.1')
  expect((await message(id)).status).toBe('read')
})

test('an engine that stops finishes what is under way and leaves no lane behind', async () => {
  const there = await receiver((response) => setTimeout(() => response.writeHead(200).end(), 100))
  const stopping = engine()
  const made = await answers(newAccount(), there.url, 2, 3)
  await until(() => there.calls.length === 2)
  await stopping.stop()
  const sent = there.calls.length
  expect(await statuses(made.flatMap(({ messageIds }) => messageIds.slice(0, 1)))).toEqual(['sent', 'sent'])
  const due = await pool.query('select from lane where interaction_id = any($1) and next_at <= now()', [
    made.map(({ interactionId }) => interactionId),
  ])
  expect(due.rowCount).toBe(2)
  engine()
  await until(() => there.calls.length === 6)
  expect(there.calls.slice(sent).every((call) => call.attempt === 1)).toBe(true)
})

test('an engine that stops does not wait for an endpoint that hangs, and another takes the lane at once', async () => {
  const there = await receiver((response, _call, calls) => calls.length > 1 && response.writeHead(200).end())
  const stopping = engine({ limits: { stopWithinMs: 100 } })
  const [made] = await answers(newAccount(), there.url, 1, 1)
  await until(() => there.calls.length === 1)
  await stopping.stop()
  engine()
  await until(async () => (await message(made?.messageIds[0] ?? 0)).status === 'sent', 20_000)
  expect(there.calls.map(({ webhookId }) => webhookId)).toEqual([
    there.calls[0]?.webhookId,
    there.calls[0]?.webhookId,
  ])
})
