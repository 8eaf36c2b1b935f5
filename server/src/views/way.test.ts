import { expect, test } from 'vitest'
import { testDesk, until } from '../flows/reply/reply-testing.ts'

const desk = await testDesk()
const { server } = desk
const { call } = server
const there = await desk.replyUrl()

const wayOf = (id: number, messageId: number, as?: { headers: Record<string, string> }) =>
  call('GET /api/openchannel/accounts/:id/messages/:messageId/way', {
    params: { id, messageId },
    ...(as && { as }),
  })
const steps = async (id: number, messageId: number) =>
  (await wayOf(id, messageId)).body.steps.map(({ step }) => step)

test('the way of a message leads from its interaction and actions to a queue, and on to the agent who answers', async () => {
  const queue = await call('POST /api/openchannel/queues', { body: { name: 'Sales' } })
  const { account, agent } = await desk.open(there.url)
  const { body: actions } = await call('PUT /api/openchannel/accounts/:id/actions', {
    params: { id: account.id },
    body: { actions: [{ type: 'queue', queueId: queue.body.id, timeoutSeconds: 60 }] },
  })
  expect(actions).toMatchObject({ id: account.id })
  const { body } = await server.receive(account, { from: '+39555', body: 'Hello', mapKey: 'phone' })
  const [messageId, interactionId] = [body.message?.id ?? 0, body.interaction?.id ?? 0]
  await until(async () => (await steps(account.id, messageId)).includes('queued'))
  const { body: way } = await wayOf(account.id, messageId)
  expect(way).toEqual({
    interactionId,
    steps: [
      { step: 'opened', at: expect.any(String), queue: null, count: null },
      { step: 'stored', at: expect.any(String), queue: null, count: null },
      { step: 'actions', at: expect.any(String), queue: null, count: expect.any(Number) },
      { step: 'queued', at: expect.any(String), queue: 'Sales', count: null },
    ],
  })
  await desk.assign(interactionId, agent)
  await call('POST /api/openchannel/messages', {
    as: agent,
    body: { OpenchannelInteractionId: interactionId, body: 'Good day' },
  })
  expect(await steps(account.id, messageId)).toContain('answered')
  expect(JSON.stringify((await wayOf(account.id, messageId)).body)).not.toMatch(/Hello|Good day|\+39555/)
})

test('the key of a paired channel reads the way of its messages, a key with less does not, and another account’s message is not there', async () => {
  const { account, agent } = await desk.open(there.url)
  const { body } = await server.receive(account, { from: '+39556', body: 'Hello', mapKey: 'phone' })
  const messageId = body.message?.id ?? 0
  const keyFor = async (scopes: readonly ('attachments' | 'accounts:secret')[]) => {
    const made = await call('POST /api/keys', { body: { name: 'channel', scopes: [...scopes] } })
    return { headers: { authorization: `Bearer ${made.body.key}` } }
  }
  const ofChannel = await keyFor(['attachments', 'accounts:secret'])
  expect((await wayOf(account.id, messageId, ofChannel)).status).toBe(200)
  expect((await wayOf(account.id, messageId, await keyFor(['attachments']))).status).toBe(403)
  expect((await wayOf(account.id, messageId, agent)).status).toBe(403)
  const other = await server.makeAccount()
  expect((await wayOf(other.id, messageId, ofChannel)).status).toBe(404)
})
