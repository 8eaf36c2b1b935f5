/** How many calls of one account are taken at the same time, and that the next ones are refused politely, and only these. */
import { once } from 'node:events'
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { startTestServer, type TestAccount } from './testing.ts'

const LEAST_AT_ONCE = 256
const CALLS = 600
const server = await startTestServer()
const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY })
afterAll(() => agent.destroy())

interface Held {
  call: ClientRequest
  answer: Promise<IncomingMessage>
}

/** A call whose body has begun and does not end. */
function hold(account: TestAccount, n: number): Held {
  const call = request(account.receiveUrl, {
    agent,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  })
  const answer = once(call, 'response').then(([response]) => response as IncomingMessage)
  // One that is refused before its body has come may see its connection closed.
  call.on('error', () => {})
  call.write(`{"from":"at-once-${n}","body":"hello","mapKey":"phone"`)
  return { call, answer }
}

async function accountWithoutRate(): Promise<TestAccount> {
  const account = await server.makeAccount()
  const body = { ratePerSecond: 1_000_000, rateBurst: 1_000_000 }
  await server.call('PATCH /api/openchannel/accounts/:id', { params: { id: account.id }, body })
  return account
}

test('beyond what is taken at once it is 429 with Retry-After, for that account alone, until others have ended', async () => {
  const account = await accountWithoutRate()
  const held = new Set<Held>()
  const refused: IncomingMessage[] = []
  const isFull = Promise.withResolvers<void>()
  for (let n = 0; n < CALLS; n++) {
    const one = hold(account, n)
    held.add(one)
    one.answer.then(
      (answer) => {
        held.delete(one)
        refused.push(answer)
        isFull.resolve()
      },
      // Its connection was closed before its refusal was read.
      () => held.delete(one),
    )
  }
  // As many as fit are taken whatever the order in which they come, so the first answer says that no room is left.
  await isFull.promise
  const [answer] = refused
  if (!answer) throw new Error('nothing was refused')
  expect(answer.statusCode).toBe(429)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1)
  expect(JSON.parse(await text(answer))).toMatchObject({ status: 429, code: 'OC-109' })

  const elsewhere = await server.makeAccount()
  const message = { from: 'beside', body: 'hello', mapKey: 'phone' }
  expect((await server.receive(elsewhere, message)).status).toBe(200)
  expect((await server.receive(account, message)).status).toBe(429)

  const ended = [...held]
  for (const { call } of ended) call.end('}')
  const answers = await Promise.all(ended.map(async (one) => (await one.answer).resume().statusCode))
  expect(new Set([200, 429, ...answers])).toEqual(new Set([200, 429]))
  const taken = answers.filter((status) => status === 200).length
  expect(taken).toBeGreaterThanOrEqual(LEAST_AT_ONCE)
  expect((await server.receive(account, message)).status).toBe(200)
  const { rows } = await server.ctx.pool.query(
    'select count(*)::int as stored from message where account_id = $1',
    [account.id],
  )
  expect(rows).toEqual([{ stored: taken + 1 }])
})
