/** What of a sandbox account is seen and what is not counted. */
import { expect, test, vi } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, ctx } = server

test('a sandbox account is marked in the inbox, and what waits in it does not count into its queue', async () => {
  const { body: queue } = await call('POST /api/openchannel/queues', { body: { name: 'Sales' } })
  const actions = [{ type: 'queue', queueId: queue.id }]
  const real = await server.makeAccount({ actions })
  const trial = await server.makeAccount({ actions })
  await call('PATCH /api/openchannel/accounts/:id', { params: { id: trial.id }, body: { sandbox: true } })
  for (const account of [real, trial])
    await server.receive(account, { from: '1', mapKey: 'phone', body: 'hi' })
  await vi.waitFor(async () => {
    const { rows } = await ctx.pool.query('select from queue_entry')
    expect(rows).toHaveLength(2)
  })
  const { body } = await call('GET /api/openchannel/inbox', { query: { view: 'waiting' } })
  const marks = body.rows.map(({ account }) => [account.id, account.sandbox])
  expect(marks.sort()).toEqual([
    [real.id, undefined],
    [trial.id, true],
  ])
  const read = await call('GET /api/openchannel/queues/:id', { params: { id: queue.id } })
  expect(read.body.waiting).toBe(1)
})
