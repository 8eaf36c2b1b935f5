/** A customer who types is shown to those who look, on every node, and kept nowhere. */
import { expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { createDesk } from '../desk/testing.ts'
import { until } from '../reply/reply-testing.ts'
import { report } from './report-testing.ts'

const server = await startTestServer()
const agent = await server.makeUser()
const account = await server.makeAccount({ agents: [agent] })

async function write(from: string, threadId?: string): Promise<number> {
  const { body } = await server.receive(account, { from, body: 'hello', mapKey: 'email', threadId })
  return body.interaction?.id ?? 0
}

test('is told to desks that show his open interactions, on both nodes, until he has written', async () => {
  const other = await server.another()
  const [here, there] = [createDesk(server, agent), createDesk(other, agent)]
  await Promise.all([here.connect(), there.connect()])
  const [one, two] = [await write('ada@example.com'), await write('ada@example.com', 'order 1')]
  await Promise.all([here.open(one), there.open(two)])
  // Said again while it lasts, as channels do: a desk hears it once the server knows what it shows.
  await until(async () => {
    const answer = await report(account, 'typing', { from: ' ADA@example.com', mapKey: 'email' })
    expect(answer).toMatchObject({ status: 200, body: { interactions: [{ id: one }, { id: two }] } })
    return here.state.typing.has(one) && there.state.typing.has(two)
  })
  expect(here.state.typing.has(two)).toBe(false)
  await write('ada@example.com')
  await until(() => !here.state.typing.has(one))
  await Promise.all([here.cut(), there.cut()])
})

test('leaves nothing behind: no event, no contact, no interaction', async () => {
  const id = await write('eve@example.com')
  const count = async () => {
    const { rows } = await server.ctx.pool.query(
      `select (select count(*) from event) as events, (select count(*) from contact) as contacts,
        (select count(*) from interaction) as interactions`,
    )
    return rows[0]
  }
  const before = await count()
  expect((await report(account, 'typing', { from: 'eve@example.com', mapKey: 'email' })).body).toEqual({
    interactions: [{ id }],
  })
  expect((await report(account, 'typing', { from: 'stranger@example.com', mapKey: 'email' })).body).toEqual({
    interactions: [],
  })
  expect(await count()).toEqual(before)
})

test('says who types by the rules of a message', async () => {
  expect(await report(account, 'typing', { mapKey: 'email' })).toMatchObject({
    status: 400,
    body: { code: 'OC-103', field: 'from' },
  })
  expect(await report(account, 'typing', { from: '1' })).toMatchObject({
    status: 400,
    body: { code: 'OC-103', field: 'mapKey' },
  })
  expect(await report(account, 'typing', { from: '1', mapKey: 'telephone' })).toMatchObject({
    status: 400,
    body: { code: 'OC-104', field: 'mapKey', allowed: expect.arrayContaining(['phone']) },
  })
})

test('has a rate of its own: who types without end keeps no message and no receipt out', async () => {
  const slow = await server.makeAccount()
  const body = { ratePerSecond: 1, rateBurst: 2 }
  await server.call('PATCH /api/openchannel/accounts/:id', { params: { id: slow.id }, body })
  const person = { from: '+1', mapKey: 'phone' }
  const typed = await Promise.all(Array.from({ length: 20 }, () => report(slow, 'typing', person)))
  const refused = typed.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await report(slow, 'receipts', { id: 999_999, status: 'read' })).status).toBe(404)
  expect((await server.receive(slow, { ...person, body: 'hello' })).status).toBe(200)
})
