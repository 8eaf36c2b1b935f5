import { expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'

const server = await startTestServer()
const { call, ctx } = server

test('what waits for agents of a deleted account leaves the queue, which may then be deleted', async () => {
  const { body: queue } = await call('POST /api/openchannel/queues', { body: { name: 'Sales' } })
  const account = await server.makeAccount({ actions: [{ type: 'queue', queueId: queue.id }] })
  const { body } = await server.receive(account, { from: '+39055', body: 'Hi', mapKey: 'phone' })
  const id = body.interaction?.id ?? 0
  const state = async () =>
    (await ctx.db.selectFrom('interaction').select('state').where('id', '=', id).executeTakeFirst())?.state
  await expect.poll(state).toBe('queued')

  expect(await call('DELETE /api/openchannel/accounts/:id', { params: { id: account.id } })).toMatchObject({
    status: 204,
  })
  expect(await state()).toBe('new')
  expect(await server.receive(account, { from: '+39055', body: 'Hi', mapKey: 'phone' })).toMatchObject({
    status: 404,
    body: { code: 'OC-101' },
  })
  expect(await call('GET /api/openchannel/interactions/:id', { params: { id } })).toMatchObject({
    status: 200,
  })
  expect(await call('DELETE /api/openchannel/queues/:id', { params: { id: queue.id } })).toMatchObject({
    status: 204,
  })
})
