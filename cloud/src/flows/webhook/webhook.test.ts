import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { testApp } from '../../testing.ts'
import { soon, startTraffic } from '../testing.ts'

const { centre, bind, webhook, messaging, url, ctx } = await startTraffic()
const count = async () => (await ctx.pool.query('select count(*)::int as n from parcel')).rows[0].n

const verify = (query: Record<string, string>) =>
  fetch(
    `${url}/webhook/facebook?${new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': testApp.FACEBOOK_VERIFY_TOKEN, ...query })}`,
  )

test('Meta gets its challenge back as it was, for the right token alone', async () => {
  const right = await verify({})
  expect([right.status, right.headers.get('content-type'), await right.text()]).toEqual([
    200,
    'text/plain; charset=utf-8',
    '1158201444',
  ])
  for (const wrong of [
    { 'hub.verify_token': 'guess' },
    { 'hub.verify_token': '' },
    { 'hub.mode': 'unsubscribe' },
  ]) {
    const answer = await verify(wrong)
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'CL-205' }])
  }
  expect((await fetch(`${url}/webhook/facebook`)).status).toBe(403)
})

const body = (pageId: string) => ({
  object: 'page',
  entry: [{ id: pageId, time: 1, messaging: [{ sender: { id: '1' }, message: { mid: 'm', text: 'x' } }] }],
})

test('without the signature of these bytes nothing is stored', async () => {
  const { pageId } = await bind()
  for (const signature of [
    '',
    'sha256=00',
    `sha256=${'0'.repeat(64)}`,
    'sha1=a675798902d79aa60dd2154818afd543a82db8b7',
  ])
    expect(await webhook(body(pageId), signature)).toMatchObject({ status: 400, body: { code: 'CL-111' } })
  expect(await count()).toBe(0)
})

test('the bytes are verified as they came, with the escapes that Meta writes', async () => {
  const { pageId } = await bind()
  const text = JSON.stringify(body(pageId)).replace('"x"', String.raw`"\u00e4 \ud83d\ude22 a\/b \u003C"`)
  expect((await webhook(text)).status).toBe(200)
  await expect.poll(() => centre.to('/notify').map((heard) => heard.body.body), soon).toEqual(['ä 😢 a/b <'])
})

test('a body of a megabyte is taken, one beyond any is refused, one that is no JSON too', async () => {
  const { pageId } = await bind()
  const entry = (size: number) =>
    Array.from({ length: 27 }, (_, n) => ({
      id: pageId,
      time: 1,
      messaging: [
        {
          sender: { id: '9' },
          timestamp: 1_700_000_000_000 + n,
          message: { mid: `m_big${n}`, text: 'x'.repeat(size) },
        },
      ],
    }))
  const big = { object: 'page', entry: entry(40_000) }
  expect(JSON.stringify(big).length).toBeGreaterThan(1024 * 1024)
  expect((await webhook(big)).status).toBe(200)
  expect(await webhook({ padding: Array(40).fill('x'.repeat(60_000)) })).toMatchObject({
    status: 413,
    body: { code: 'GE-106' },
  })
  expect(await webhook('{"object":')).toMatchObject({ status: 400, body: { code: 'GE-108' } })
})

test('texts that a database cannot hold cost no neighbour', async () => {
  const { pageId } = await bind()
  const item = (mid: string, text: string) => ({ sender: { id: '8' }, message: { mid, text } })
  expect(
    (await messaging(pageId, item('m_zero', 'a\u0000b'), item('m_half', 'c\ud800d'), item('m_whole', 'e')))
      .status,
  ).toBe(200)
  await expect
    .poll(
      () =>
        centre
          .to('/notify')
          .filter(({ query }) => query.get('token') === `t-${pageId}`)
          .map((heard) => heard.body.body)
          .sort(),
      soon,
    )
    .toEqual(['a\u2400b', 'c\ufffdd', 'e'])
})

test('events of pages that nobody has connected, and the dashboard’s test, are answered and forgotten', async () => {
  const before = await count()
  expect((await messaging('31337', { message: { mid: 'm_x', text: 'x' } })).status).toBe(200)
  expect(
    (
      await webhook({
        object: 'page',
        entry: [{ id: '0', time: 1, changes: [{ field: 'messages', value: {} }] }],
      })
    ).status,
  ).toBe(200)
  expect((await webhook({ object: 'instagram', entry: [] })).status).toBe(200)
  expect(await count()).toBe(before)
})

// Recorded bodies, where a folder of them is given: Meta calls again and again whatever is not answered so.
const recorded = process.env.FACEBOOK_SAMPLES
if (recorded)
  test('every recorded body of a webhook is answered 200', async () => {
    const refused: string[] = []
    for (const name of readdirSync(recorded).filter((file) =>
      /^(msg|evt|feed|edge|batch|page|ig|wa|permissions)\./.test(file),
    )) {
      const { status } = await webhook(readFileSync(path.join(recorded, name), 'utf8'))
      if (status !== 200) refused.push(`${name}: ${status}`)
    }
    expect(refused).toEqual([])
  })
