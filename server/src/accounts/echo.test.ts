import { expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'
import { echoUrl, isEchoUrl } from './echo-url.ts'

const server = await startTestServer()
const { call, ctx } = server

async function account() {
  const { body } = await call('POST /api/openchannel/accounts', { body: { name: 'Shop' } })
  return { id: body.id, uid: body.uid, url: body.echoUrl ?? '' }
}

function post(url: string, body = '{"body":"hi"}', headers: Record<string, string> = {}) {
  return fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
}

async function echoes(id: number) {
  return (await call('GET /api/openchannel/accounts/:id/echoes', { params: { id } })).body
}

test('what is posted to the echo receiver is answered with an id and can be read, newest first', async () => {
  const { id, url } = await account()
  const heard: { accountId: number; echoId: number }[] = []
  const stop = ctx.push.onRing((rung) => heard.push(...rung.echoes))
  const answer = await post(url)
  expect(answer.status).toBe(200)
  const { id: name } = (await answer.json()) as { id: string }
  await post(url, 'plain \0 text', { 'content-type': 'text/plain' })
  const { count, rows } = await echoes(id)
  expect(count).toBe(2)
  expect(rows.map(({ body }) => body)).toEqual(['plain \u2400 text', '{"body":"hi"}'])
  expect(name).toBe(`echo-${rows[1]?.id}`)
  await expect.poll(() => heard.map(({ accountId }) => accountId)).toEqual([id, id])
  stop()
})

test('headers are kept, those that carry secrets blanked', async () => {
  const { id, url } = await account()
  await post(url, '{}', { authorization: 'Bearer x', cookie: 'a=b', 'webhook-id': 'msg_1', 'x-api-key': 'k' })
  const [echo] = (await echoes(id)).rows
  expect(echo?.headers).toMatchObject({
    authorization: '[secret]',
    cookie: '[secret]',
    'x-api-key': '[secret]',
    'webhook-id': 'msg_1',
  })
})

test('the last twenty of an account are kept, also when many come at once', async () => {
  const [one, other] = [await account(), await account()]
  await post(other.url)
  await Promise.all(Array.from({ length: 40 }, () => post(one.url)))
  await post(one.url, '"last"')
  const { rows } = await echoes(one.id)
  expect(rows).toHaveLength(20)
  expect(rows[0]?.body).toBe('"last"')
  const { rows: kept } = await ctx.pool.query('select count(*) from echo where account_id = $1', [one.id])
  expect(kept[0].count).toBeLessThanOrEqual(40)
  await post(one.url)
  expect(
    (await ctx.pool.query('select count(*) from echo where account_id = $1', [one.id])).rows[0].count,
  ).toBe(20)
  expect((await echoes(other.id)).rows).toHaveLength(1)
})

test('an address that is a letter off, of a deleted account or too large a body is refused', async () => {
  const { id, uid, url } = await account()
  const wrong = url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
  expect((await post(wrong)).status).toBe(404)
  expect((await post(url.replace(uid, crypto.randomUUID()))).status).toBe(404)
  expect((await post(url.replace(uid, 'x%00y'))).status).toBe(404)
  expect((await post(url, 'x'.repeat(300_000))).status).toBe(413)
  await call('DELETE /api/openchannel/accounts/:id', { params: { id } })
  expect((await post(url)).status).toBe(404)
})

test('the guarded door knows the address to the letter', () => {
  const { sealingKey } = ctx
  const origin = 'https://desk.example.com'
  const url = echoUrl(origin, sealingKey, '00000000-0000-4000-8000-000000000000')
  expect(isEchoUrl(origin, sealingKey, url)).toBe(true)
  for (const other of [
    `${url}/`,
    `${url}?x=1`,
    url.replace('https', 'http'),
    url.replace('/echo/', '/api/'),
    url.replace('desk', 'other'),
    url.toUpperCase(),
    'http://127.0.0.1/',
    '',
  ])
    expect(isEchoUrl(origin, sealingKey, other), other).toBe(false)
})

test('only admins read echoes', async () => {
  const { id } = await account()
  const as = await server.makeUser('supervisor')
  expect(await call('GET /api/openchannel/accounts/:id/echoes', { as, params: { id } })).toMatchObject({
    status: 403,
  })
})
