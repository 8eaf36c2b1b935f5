import { expect, test } from 'vitest'
import { soon, startTraffic } from './testing.ts'

const cloud = await startTraffic()
const { db } = cloud.ctx

const ownerOf = async (id: number) => {
  const { user_id } = await db
    .selectFrom('integration')
    .select('user_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return user_id
}
/** Somebody with pages of his own. */
async function connected() {
  const as = await cloud.makeUser()
  const page = await cloud.bind({ user_id: as.id })
  expect(await ownerOf(page.id)).toBe(as.id)
  const log = async (query: object = {}) => {
    const { status, body } = await cloud.call('GET /api/integrations/:id/log', {
      as,
      params: { id: page.id },
      query,
    })
    expect(status).toBe(200)
    return body
  }
  const way = (entryId: number) =>
    cloud.call('GET /api/integrations/:id/log/:entryId', { as, params: { id: page.id, entryId } })
  return { as, ...page, log, way }
}
const message = (mid: string, text = 'A private word') => ({ message: { mid, text } })

test('a message and its answer stand in the log with their times, and nothing of their texts is kept', async () => {
  const { id, pageId, log } = await connected()
  await cloud.messaging(pageId, message('m_1'))
  await expect.poll(async () => (await log()).rows.map(({ state }) => state), soon).toEqual(['delivered'])
  await cloud.reply(pageId, { body: 'A private answer' })
  await expect
    .poll(async () => (await log()).rows.map(({ what, state }) => [what, state]), soon)
    .toEqual([
      ['answer', 'delivered'],
      ['message', 'delivered'],
    ])
  const [answer, came] = (await log()).rows
  expect(came).toMatchObject({ direction: 'in', isPublic: false, attempts: 1, reason: null, nextAt: null })
  expect(answer?.direction).toBe('out')
  for (const entry of [answer, came]) expect(Date.parse(entry?.endedAt ?? '')).toBeGreaterThan(0)
  const kept = await db.selectFrom('parcel').select('content').where('integration_id', '=', id).execute()
  expect(JSON.stringify(kept)).toContain('"person":"42"')
  expect(JSON.stringify(kept)).not.toContain('private')
})

test('what waits says why and when it is tried again, what was refused says why, and what waits behind another says neither', async () => {
  const { pageId, log } = await connected()
  cloud.centre.answer = ({ body }) =>
    body.messageId === 'm_bad'
      ? { status: 422, body: { code: 'OC-108', detail: 'No.' } }
      : body.messageId === 'm_wait'
        ? { status: 500 }
        : undefined
  await cloud.messaging(pageId, message('m_bad'))
  await expect.poll(async () => (await log({ show: 'open' })).rows[0]?.state, soon).toBe('failed')
  await cloud.messaging(pageId, message('m_wait'), message('m_behind'))
  await expect.poll(async () => (await log({ show: 'open' })).rows[1]?.reason?.words, soon).toContain('500')
  const { rows } = await log({ show: 'open' })
  expect(rows).toMatchObject([
    { state: 'waiting', reason: null, nextAt: null, attempts: 0 },
    {
      state: 'waiting',
      reason: { words: expect.stringContaining('500') },
      nextAt: expect.any(String),
      endedAt: null,
    },
    { state: 'failed', reason: { words: expect.stringContaining('No.') }, nextAt: null },
  ])
  cloud.centre.answer = () => undefined
})

test('the log is paged without a gap or a repetition', async () => {
  const { pageId, log } = await connected()
  await cloud.messaging(pageId, ...[1, 2, 3, 4, 5].map((n) => message(`m_${n}`)))
  await expect
    .poll(async () => (await log()).rows.filter(({ state }) => state === 'delivered').length, soon)
    .toBe(5)
  const ids: number[] = []
  for (let cursor: string | null | undefined = ''; cursor != null; ) {
    const page = await log({ limit: 2, ...(cursor && { cursor }) })
    ids.push(...page.rows.map(({ id }) => id))
    cursor = page.cursor
  }
  expect(ids).toEqual((await log()).rows.map(({ id }) => id))
  expect(ids).toEqual([...ids].sort((a, b) => b - a))
})

test('the way of a message goes on in the contact centre, which is asked with the key of the integration', async () => {
  const { pageId, log, way } = await connected()
  const at = '2026-01-01T00:00:00.000Z'
  const step = (name: string, queue: string | null = null) => ({ step: name, at, queue, count: null })
  const steps = [step('opened'), step('queued', 'Sales')]
  cloud.centre.answer = ({ path }) =>
    path.endsWith('/way')
      ? { body: { interactionId: 1, steps: [...steps, { step: 'of tomorrow', at }] } }
      : path.endsWith('/notify')
        ? { body: { message: { id: 815 } } }
        : undefined
  await cloud.messaging(pageId, message('m_1'))
  await expect.poll(async () => (await log()).rows[0]?.state, soon).toBe('delivered')
  const [entry] = (await log()).rows
  const before = await way(entry?.id ?? 0)
  expect(before.body).toMatchObject({ entry, steps, untold: null, answer: null })
  const [asked] = cloud.centre.to('/messages/815/way')
  expect(asked).toMatchObject({ method: 'GET', path: '/api/openchannel/accounts/7/messages/815/way' })
  expect(asked?.headers.authorization).toBe('Bearer pbk_key')
  expect([...(asked?.query ?? [])]).toEqual([])
  await cloud.reply(pageId)
  await expect.poll(async () => (await way(entry?.id ?? 0)).body.answer?.state, soon).toBe('delivered')

  cloud.centre.answer = ({ path }) => (path.endsWith('/way') ? { status: 404 } : undefined)
  const untold = await way(entry?.id ?? 0)
  expect(untold).toMatchObject({
    status: 200,
    body: { steps: null, untold: { sentences: [{ code: 'centre-answered', values: { status: '404' } }] } },
  })
  cloud.centre.answer = () => undefined
})

test('why an answer failed is said to the agent in the language of the integration, and in the log by its code', async () => {
  const { id, pageId, log } = await connected()
  await db.updateTable('integration').set({ language: 'it' }).where('id', '=', id).execute()
  cloud.graph.answer = ({ path }) =>
    path.endsWith('/messages')
      ? { status: 400, body: { error: { code: 10, error_subcode: 2018278, message: 'Too late.' } } }
      : undefined
  await cloud.reply(pageId)
  const told = () =>
    cloud.centre
      .to('/receipts')
      .filter(({ query }) => query.get('token') === `t-${pageId}`)
      .map(({ body }) => body.reason)
  await expect.poll(told, soon).toEqual([expect.stringContaining('prima deve scrivere di nuovo il cliente')])
  expect((await log()).rows[0]?.reason?.sentences).toEqual([
    { code: 'window-closed', values: { channel: 'Facebook' } },
  ])
  cloud.graph.answer = () => undefined
})

test('nobody else sees the log', async () => {
  const { id, pageId, log } = await connected()
  await cloud.messaging(pageId, message('m_1'))
  await expect.poll(async () => (await log()).rows.length, soon).toBe(1)
  const [entry] = (await log()).rows
  const other = await connected()
  const list = await cloud.call('GET /api/integrations/:id/log', { as: other.as, params: { id } })
  expect(list.status).toBe(404)
  const params = { id, entryId: entry?.id ?? 0 }
  expect((await cloud.call('GET /api/integrations/:id/log/:entryId', { as: other.as, params })).status).toBe(
    404,
  )
  expect((await other.way(params.entryId)).status).toBe(404)
})
