/** What the health of an integration counts: each fault for itself, until what mends it has been seen. */
import { seal } from '@patchbay/kit/crypto.ts'
import { afterEach, expect, test } from 'vitest'
import * as traffic from '../integrations/traffic.ts'
import * as lanes from '../lanes/lanes.ts'
import { say } from '../texts/say.ts'
import { soon, startTraffic } from './testing.ts'

const { centre, graph, bind, messaging, reply, call, makeUser, ctx } = await startTraffic()
const otherSecret = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

afterEach(() => {
  graph.answer = () => undefined
  centre.answer = () => undefined
})

async function integration() {
  const owner = await makeUser()
  const { id, pageId } = await bind({ user_id: owner.id })
  const look = async () => {
    const { body } = await call('GET /api/integrations/:id', { as: owner, params: { id } })
    const { failuresInRow, wrongSecretSince, lastFailure, lastReplyAt } = body.health
    return {
      state: body.state,
      failuresInRow,
      isWrongSecret: wrongSecretSince !== null,
      words: lastFailure?.words ?? null,
      hasAnswered: lastReplyAt !== null,
    }
  }
  return { id, pageId, look }
}

test('a failure to forward is not ended by an answer that goes out, but by a message that arrives', async () => {
  const { id, pageId, look } = await integration()
  centre.answer = ({ path }) => (path.endsWith('/notify') ? { status: 500 } : undefined)
  await messaging(pageId, { message: { mid: `m_${id}`, text: 'Hello' } })
  await expect.poll(async () => (await look()).failuresInRow, soon).toBeGreaterThan(0)
  await reply(pageId)
  await expect.poll(async () => (await look()).hasAnswered, soon).toBe(true)
  expect((await look()).failuresInRow).toBeGreaterThan(0)
  centre.answer = () => undefined
  await lanes.freeEnds(ctx.db, id)
  await expect.poll(async () => (await look()).failuresInRow, soon).toBe(0)
})

test('answers with another secret are no failed deliveries, and stand until one can be verified', async () => {
  const { id, pageId, look } = await integration()
  expect((await reply(pageId, {}, { signedBy: otherSecret })).status).toBe(401)
  const wrong = { failuresInRow: 0, isWrongSecret: true, words: expect.stringContaining('another secret') }
  expect(await look()).toMatchObject(wrong)
  // A message that arrives proves nothing of answers.
  await messaging(pageId, { message: { mid: `m_${id}`, text: 'Hello' } })
  await expect
    .poll(() => centre.to('/notify').some(({ body }) => body.messageId === `m_${id}`), soon)
    .toBe(true)
  expect(await look()).toMatchObject(wrong)
  expect((await reply(pageId)).status).toBe(200)
  expect(await look()).toMatchObject({ isWrongSecret: false })
})

test('what could not be read after an outage is told, and is no failed delivery', async () => {
  const { id, look } = await integration()
  await traffic.noteGap(ctx.db, id, say('gap-comments', { most: 500 }))
  expect(await look()).toMatchObject({
    failuresInRow: 0,
    words: 'Of a post only the last 500 comments were read.',
  })
})

for (const isReconnected of [true, false])
  test(`a token that Facebook refuses while an answer is under way ${isReconnected ? 'is forgotten where the integration was reconnected meanwhile, and the answer goes out' : 'asks to reconnect'}`, async () => {
    const { id, pageId, look } = await integration()
    graph.answer = async ({ method, path, headers }) => {
      if (method !== 'POST' || !path.endsWith(`/${pageId}/messages`)) return undefined
      if (headers.authorization === 'Bearer new-token') return undefined
      if (isReconnected) {
        const sealed = seal(ctx.sealingKey, `integration:${id}:page_token`, 'new-token')
        await ctx.pool.query('update integration set page_token_sealed = $2 where id = $1', [id, sealed])
        await lanes.freeEnds(ctx.db, id)
      }
      return { status: 400, body: { error: { message: 'x', code: 190, error_subcode: 460 } } }
    }
    await reply(pageId)
    await expect
      .poll(look, soon)
      .toMatchObject(
        isReconnected
          ? { state: 'connected', hasAnswered: true, words: null }
          : { state: 'reconnect', hasAnswered: false, words: expect.stringContaining('reconnect') },
      )
    const tokens = graph.to(`/${pageId}/messages`).map(({ headers }) => headers.authorization)
    expect(tokens).toEqual([`Bearer token-of-${pageId}`, ...(isReconnected ? ['Bearer new-token'] : [])])
  })

test('while Meta answers 500, answers wait in their order; when it is back each goes out once, and nobody has anything to do', async () => {
  const { id, pageId, look } = await integration()
  let isBack = false
  const taken: unknown[] = []
  graph.answer = ({ method, path, body }) => {
    if (method !== 'POST' || !path.endsWith(`/${pageId}/messages`)) return undefined
    if (!isBack) return { status: 500, body: { error: { message: 'x', code: 2 } } }
    taken.push((body.message as { text: string }).text)
    return undefined
  }
  await reply(pageId, { body: 'One' })
  await reply(pageId, { body: 'Two' })
  await expect.poll(() => graph.to(`/${pageId}/messages`).length, soon).toBeGreaterThan(1)
  expect(await look()).toMatchObject({ state: 'connected', failuresInRow: 0, hasAnswered: false })
  isBack = true
  await lanes.freeEnds(ctx.db, id)
  await expect.poll(() => taken, soon).toEqual(['One', 'Two'])
  await expect.poll(async () => (await look()).hasAnswered, soon).toBe(true)
  expect(taken).toEqual(['One', 'Two'])
  const told = centre.to('/receipts').filter(({ query }) => query.get('token') === `t-${pageId}`)
  expect(told).toEqual([])
})
