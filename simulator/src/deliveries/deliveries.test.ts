/** What subscribers are owed: subscriptions, deliveries, retries, and what can go wrong on the way. */
import { expect, test } from 'vitest'
import { allFields, connected, ids, type Json, startBox, startSubscriber } from '../testing.ts'
import { signBody } from './wire.ts'

const minutes = (count: number) => count * 60_000

test('an app subscribes only with an address that gives the challenge back', async () => {
  const box = await startBox()
  const subscriber = await startSubscriber('right')
  const subscribe = (verify_token: string, callback_url = subscriber.url) =>
    box.graph('POST', `${box.app.id}/subscriptions`, {
      access_token: `${box.app.id}|${box.app.secret}`,
      object: 'page',
      callback_url,
      verify_token,
      fields: 'messages,feed',
    })
  expect((await subscribe('wrong')).body.error).toMatchObject({ code: 2200 })
  expect((await subscribe('right', 'http://127.0.0.1:1/none')).body.error).toMatchObject({ code: 2200 })
  expect((await subscribe('right')).body).toEqual({ success: true })
  const { body } = await box.graph('GET', `${box.app.id}/subscriptions`, {
    access_token: `${box.app.id}|${box.app.secret}`,
  })
  expect(body.data).toMatchObject([{ object: 'page', callback_url: subscriber.url, active: true }])
})

test('subscribed_apps lists, replaces or merges, and ends; success is a string or not', async () => {
  const { graph, control, token } = await connected()
  const path = `${ids.bikes}/subscribed_apps`
  const list = async () => (await graph('GET', path, { access_token: token })).body.data
  expect((await list())[0].subscribed_fields).toEqual(allFields.split(','))
  expect((await graph('POST', path, { access_token: token, subscribed_fields: ['feed'] })).body.success).toBe(
    'true',
  )
  expect((await list())[0].subscribed_fields).toEqual(['feed'])
  await control('switches/set', { subscribedApps: 'merge', success: 'boolean' })
  const merged = await graph('POST', path, { access_token: token, subscribed_fields: 'messages' })
  expect(merged.body.success).toBe(true)
  expect((await list())[0].subscribed_fields).toEqual(['feed', 'messages'])
  await graph('DELETE', path, { access_token: token })
  expect(await list()).toEqual([])
})

test('without the permission nothing is subscribed', async () => {
  const { graph, control, token, app } = await connected()
  for (const permission of ['pages_messaging', 'instagram_manage_messages'])
    await control('world/permission', { app: app.id, person: ids.anna, permission, status: 'declined' })
  const answer = await graph('POST', `${ids.bikes}/subscribed_apps`, {
    access_token: token,
    subscribed_fields: 'messages',
  })
  expect(answer.body.error).toMatchObject({ code: 200, type: 'OAuthException' })
})

test('what a customer writes arrives signed, in the shape of Messenger', async () => {
  const { subscriber, write, app } = await connected()
  const { mid, psid } = await write('Grüße, is a/b <there> @ 100 %?')
  const [taken] = subscriber.taken
  expect(taken?.headers['content-type']).toBe('application/json')
  expect(taken?.headers['x-hub-signature-256']).toBe(signBody(app.secret, taken?.raw ?? '', 'sha256'))
  expect(taken?.headers['x-hub-signature']).toBe(signBody(app.secret, taken?.raw ?? '', 'sha1'))
  expect(taken?.raw).toContain(String.raw`Gr\u00fc\u00dfe, is a\/b \u003Cthere> \u0040 100 \u0025?`)
  const { object, entry } = taken?.body ?? {}
  expect(object).toBe('page')
  expect(entry).toEqual([
    {
      id: ids.bikes,
      time: expect.any(Number),
      messaging: [
        {
          sender: { id: psid },
          recipient: { id: ids.bikes },
          timestamp: expect.any(Number),
          message: { mid, text: 'Grüße, is a/b <there> @ 100 %?' },
        },
      ],
    },
  ])
  expect(psid).toMatch(/^\d{16}$/)
  expect(mid).toMatch(/^m_/)
  expect(entry[0].time).toBeGreaterThan(1e12)
})

test('a message that is not taken is tried again, and taken then', async () => {
  const { subscriber, write, control } = await connected()
  subscriber.settings.status = 500
  await write('Hello?')
  expect(subscriber.taken).toHaveLength(1)
  subscriber.settings.status = 200
  await control('clock/advance', { ms: minutes(1) })
  expect(subscriber.taken).toHaveLength(2)
  expect(subscriber.taken[1]?.raw).toBe(subscriber.taken[0]?.raw)
  await control('clock/advance', { ms: minutes(120) })
  expect(subscriber.taken).toHaveLength(2)
})

test('after an hour of failure the app is switched off for the page, and can subscribe again', async () => {
  const { subscriber, write, control, graph, token } = await connected()
  subscriber.settings.status = 503
  await write('Hello?')
  await control('clock/advance', { ms: minutes(59) })
  const path = `${ids.bikes}/subscribed_apps`
  expect((await graph('GET', path, { access_token: token })).body.data).toHaveLength(1)
  const tries = subscriber.taken.length
  expect(tries).toBeGreaterThan(5)
  await control('clock/advance', { ms: minutes(2) })
  expect((await graph('GET', path, { access_token: token })).body.data).toEqual([])
  subscriber.settings.status = 200
  const after = subscriber.taken.length
  await write('Anybody?')
  await control('clock/advance', { ms: minutes(600) })
  expect(subscriber.taken).toHaveLength(after)
  await graph('POST', path, { access_token: token, subscribed_fields: allFields })
  await write('Again')
  expect(subscriber.events().at(-1).message.text).toBe('Again')
})

test('an answer in between keeps the app switched on', async () => {
  const { subscriber, write, control, graph, token } = await connected()
  subscriber.settings.status = 500
  await write('one')
  await control('clock/advance', { ms: minutes(58) })
  subscriber.settings.status = 200
  await write('two')
  subscriber.settings.status = 500
  await control('clock/advance', { ms: minutes(58) })
  const { body } = await graph('GET', `${ids.bikes}/subscribed_apps`, { access_token: token })
  expect(body.data).toHaveLength(1)
})

test('changes of the wall are tried for 36 hours, and the app stays subscribed', async () => {
  const { subscriber, control, settle, graph, token } = await connected()
  subscriber.settings.status = 500
  await control('customer/post', { person: ids.giulia, page: ids.bikes, text: 'Open on Sunday?' })
  await settle()
  await control('clock/advance', { ms: minutes(35 * 60) })
  const tries = subscriber.taken.length
  expect(tries).toBeGreaterThan(9)
  await control('clock/advance', { ms: minutes(24 * 60) })
  const last = subscriber.taken.length
  await control('clock/advance', { ms: minutes(72 * 60) })
  expect(subscriber.taken).toHaveLength(last)
  const { body } = await graph('GET', `${ids.bikes}/subscribed_apps`, { access_token: token })
  expect(body.data).toHaveLength(1)
})

test('who does not answer in time counts as failed', async () => {
  const { subscriber, write, control, box } = await connected()
  subscriber.settings.isSilent = true
  box.deliveryTimeoutMs = 1_000
  await write('Hello?')
  const [delivery] = box.world.deliveries
  expect(delivery).toMatchObject({ state: 'waiting', attempts: [{ status: 0, error: 'no answer in time' }] })
  subscriber.settings.isSilent = false
  box.deliveryTimeoutMs = 60_000
  await control('clock/advance', { ms: minutes(1) })
  expect(delivery).toMatchObject({ state: 'delivered', attempts: [{ status: 0 }, { status: 200 }] })
})

test('deliveries come twice, and with a wrong signature, when that is wanted', async () => {
  const { subscriber, write, control, app } = await connected()
  await control('faults/set', { duplicates: 1 })
  await write('twice')
  expect(subscriber.taken.map(({ raw }) => raw)).toEqual([subscriber.taken[0]?.raw, subscriber.taken[0]?.raw])
  await control('faults/clear')
  await control('faults/set', { signature: 'bad' })
  await write('forged')
  const last = subscriber.taken.at(-1)
  expect(last?.headers['x-hub-signature-256']).not.toBe(signBody(app.secret, last?.raw ?? '', 'sha256'))
})

test('held deliveries leave in batches over several pages, and in another order', async () => {
  const { subscriber, control, graph, userToken, customer } = await connected()
  const coffee = await graph('GET', ids.coffee, { access_token: userToken, fields: 'access_token' })
  await graph('POST', `${ids.coffee}/subscribed_apps`, {
    access_token: coffee.body.access_token,
    subscribed_fields: 'messages',
  })
  await control('faults/set', { holds: true })
  for (const text of ['1', '2', '3']) await control('customer/write', { ...customer, text })
  await control('customer/write', { ...customer, page: ids.coffee, text: '4' })
  expect(subscriber.taken).toHaveLength(0)
  await control('deliveries/release', { order: 'reverse', batch: 1000 })
  expect(subscriber.taken).toHaveLength(1)
  const { entry } = subscriber.taken[0]?.body ?? {}
  expect(entry.map(({ messaging }: Json) => messaging[0].message.text)).toEqual(['4', '3', '2', '1'])
  expect(new Set(entry.map(({ id }: Json) => id))).toEqual(new Set([ids.bikes, ids.coffee]))
})

test('who takes the app back is reported with a signed request, and so is the wish to be forgotten', async () => {
  const { subscriber, control, app, graph, token } = await connected()
  const target = subscriber.url
  await control('world/app', { id: app.id, deauthorizeUrl: target, deletionUrl: target })
  const asked = await control('world/ask-for-deletion', { app: app.id, person: ids.anna })
  expect(asked).toEqual({ status: 200, body: '{"taken":true}' })
  await control('world/deauthorize', { app: app.id, person: ids.anna })
  const payloads = subscriber.taken.map(({ body }) => {
    const [signature, payload] = body.signed_request.split('.')
    expect(Buffer.from(signature, 'base64url')).toHaveLength(32)
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  })
  expect(payloads).toHaveLength(2)
  for (const payload of payloads)
    expect(payload).toMatchObject({ algorithm: 'HMAC-SHA256', user_id: expect.stringMatching(/^\d+$/) })
  const dead = await graph('GET', 'me', { access_token: token })
  expect(dead.body.error).toMatchObject({ code: 190, error_subcode: 458 })
})
