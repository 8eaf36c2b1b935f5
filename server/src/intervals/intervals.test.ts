import { expect, test, vi } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call } = server
const day = { weekDays: [], monthDays: [], months: [] }

async function make(fields: object) {
  const { body } = await call('POST /api/intervals', { body: { timeZone: 'UTC', ...fields } })
  return body
}

test('an installation begins with two intervals, one for always and one for business hours', async () => {
  const { body } = await call('GET /api/intervals')
  expect(body.rows).toMatchObject([
    { name: 'Always', always: true, isOpen: true },
    {
      name: 'Business hours',
      always: false,
      ranges: [{ from: '09:00', to: '17:59', weekDays: [1, 2, 3, 4, 5] }],
    },
  ])
})

test('an interval is made, changed, and told apart by version', async () => {
  const { id, version } = await make({
    name: ' Night ',
    timeZone: 'Europe/Rome',
    ranges: [{ from: '22:00', to: '05:59', ...day }],
  })
  const params = { id }
  const save = (body: object) => call('PATCH /api/intervals/:id', { params, body })
  expect(await save({ holidays: [{ date: '12-25', name: 'Christmas' }], version })).toMatchObject({
    status: 200,
    body: { name: 'Night', timeZone: 'Europe/Rome', holidays: [{ date: '12-25' }], version: version + 1 },
  })
  expect(await save({ always: true, version })).toMatchObject({ status: 409, body: { code: 'GE-104' } })
  expect((await call('GET /api/intervals/:id', { params })).body).toMatchObject({ always: false })
})

test.each<[string, object, string]>([
  ['a time zone that is none', { timeZone: 'Europe/Roma' }, 'timeZone'],
  ['an hour that no clock shows', { ranges: [{ from: '24:00', to: '01:00', ...day }] }, 'ranges.0.from'],
  [
    'a week day that is none',
    { ranges: [{ from: '01:00', to: '02:00', ...day, weekDays: [8] }] },
    'ranges.0.weekDays.0',
  ],
  ['a holiday that is no date', { holidays: [{ date: '2026-13-01', name: '' }] }, 'holidays.0.date'],
])('%s is refused with its place', async (_, fields, field) => {
  const answer = await call('POST /api/intervals', {
    body: { name: 'Bad', timeZone: 'UTC', ...fields },
  })
  expect(answer).toMatchObject({ status: 400, body: { code: 'GE-101', field } })
})

test('hours can be tried before they are saved, at any moment', async () => {
  const hours = { timeZone: 'Europe/Rome', always: false, holidays: [{ date: '12-25', name: 'Christmas' }] }
  const check = async (at: string) =>
    (
      await call('POST /api/intervals/check', {
        body: { ...hours, ranges: [{ from: '09:00', to: '17:59', ...day }], at },
      })
    ).body
  expect(await check('2026-03-29T01:30:00Z')).toEqual({
    isOpen: false,
    localTime: '2026-03-29T03:30',
    holiday: null,
  })
  expect(await check('2026-12-25T10:00:00Z')).toMatchObject({ isOpen: false, holiday: 'Christmas' })
})

test('a step outside its interval is passed over, and one within it rings', async () => {
  const [closed, open] = [await make({ name: 'Never' }), await make({ name: 'Open', always: true })]
  const queues = await Promise.all(
    ['First', 'Second'].map((name) => call('POST /api/openchannel/queues', { body: { name } })),
  )
  const account = await server.makeAccount()
  const actions = [
    { type: 'queue', queueId: queues[0]?.body.id, intervalId: closed.id },
    { type: 'queue', queueId: queues[1]?.body.id, intervalId: open.id },
  ]
  const params = { id: account.id }
  const saved = await call('PUT /api/openchannel/accounts/:id/actions', {
    params,
    body: { actions },
  })
  expect(saved.body.actions).toMatchObject(actions)
  await server.receive(account, { from: '1', body: 'Is anybody there?', mapKey: 'phone' })
  const waiting = () =>
    Promise.all(
      queues.map(async ({ body: { id } }) => {
        const { body } = await call('GET /api/openchannel/queues/:id', { params: { id } })
        return body.waiting
      }),
    )
  await vi.waitFor(async () => expect(await waiting()).toEqual([0, 1]), { timeout: 10_000, interval: 20 })
})

test('an interval that a step names is not deleted, and the refusal says where it stands', async () => {
  const { id } = await make({ name: 'Used' })
  const { body: queue } = await call('POST /api/openchannel/queues', { body: { name: 'Used' } })
  const account = await server.makeAccount({ name: 'Shop' })
  const setActions = (actions: object[]) =>
    call('PUT /api/openchannel/accounts/:id/actions', {
      params: { id: account.id },
      body: { actions },
    })
  const step = { type: 'queue', queueId: queue.id, intervalId: id }
  await setActions([step])
  const remove = () => call('DELETE /api/intervals/:id', { params: { id } })
  const refused = await remove()
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'GE-103', uses: [{ place: 'flow', name: 'Shop' }] },
  })
  expect((await call('GET /api/intervals/:id', { params: { id } })).body.accounts).toEqual([
    { id: account.id, name: 'Shop' },
  ])
  await setActions([])
  expect((await remove()).status).toBe(204)
  expect(await setActions([step])).toMatchObject({
    status: 400,
    body: { code: 'AC-102', field: 'actions[0].intervalId' },
  })
})
