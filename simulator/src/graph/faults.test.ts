/** Faults on demand: ordered errors, delays, cut connections, throttling, and the CDN's. */
import { expect, test } from 'vitest'
import { connected, ids } from '../testing.ts'

test('the next calls fail as ordered, with status and body that need not fit', async () => {
  const { control, graph, token, send, write } = await connected()
  const { psid } = await write('Hello')
  const say = () => send({ recipient: { id: psid }, message: { text: 'x' } })
  const transient = { code: 2, message: 'Service temporarily unavailable', isTransient: true }
  await control('faults/next', { match: '/messages', status: 500, error: transient })
  expect((await graph('GET', 'me', { access_token: token })).status).toBe(200)
  const failed = await say()
  expect(failed.status).toBe(500)
  expect(failed.body.error).toMatchObject({ code: 2, is_transient: true })
  await control('faults/next', { status: 200, error: { code: 1200, subcode: 2018024 }, times: 2 })
  for (const _ of [1, 2]) {
    const hidden = await say()
    expect(hidden.status).toBe(200)
    expect(hidden.body.error).toMatchObject({ code: 1200, error_subcode: 2018024 })
  }
  expect((await say()).body.message_id).toBeTruthy()
})

test('a connection that is cut after the call has done its work leaves the message sent', async () => {
  const { control, send, write, box, subscriber, settle } = await connected()
  const { psid } = await write('Hello')
  const say = (text: string) => send({ recipient: { id: psid }, message: { text } })
  await control('faults/next', { match: '/messages', cut: 'after' })
  await expect(say('did it go out?')).rejects.toThrow()
  await control('faults/next', { match: '/messages', cut: 'before' })
  await expect(say('this did not')).rejects.toThrow()
  await settle()
  const texts = [...box.world.threads.values()].flatMap(({ messages }) => messages.map(({ text }) => text))
  expect(texts).toEqual(['Hello', 'did it go out?'])
  expect(subscriber.events().some(({ message }) => message?.text === 'did it go out?')).toBe(true)
})

test('a throttled page and app say so in body and headers until the time is over', async () => {
  const { control, graph, token, userToken, app } = await connected()
  const usage = (answer: { headers: Headers }) =>
    JSON.parse(answer.headers.get('x-business-use-case-usage') ?? '{}')[ids.bikes]?.[0]
  const me = () => graph('GET', 'me', { access_token: token })
  expect(usage(await me())).toMatchObject({ type: 'pages', estimated_time_to_regain_access: 0 })
  await control('faults/limit', { id: ids.bikes, minutes: 12 })
  const limited = await me()
  expect(limited.body.error).toMatchObject({ code: 80001 })
  expect(usage(limited)).toMatchObject({ call_count: 100, estimated_time_to_regain_access: 12 })
  await control('clock/advance', { ms: 13 * 60_000 })
  expect((await me()).status).toBe(200)
  await control('faults/limit', { id: app.id, minutes: 5 })
  const user = await graph('GET', 'me', { access_token: userToken })
  expect(user.body.error).toMatchObject({ code: 4, is_transient: true })
  expect(JSON.parse(user.headers.get('x-app-usage') ?? '{}').call_count).toBe(100)
})

test('a file is served without a token until its address expires', async () => {
  const { control, subscriber, customer, settle } = await connected()
  await control('customer/send-file', { ...customer, files: [{ name: 'bike.png', type: 'image/png' }] })
  await settle()
  const { type, payload } = subscriber.events().at(-1).message.attachments[0]
  expect(type).toBe('image')
  expect(Object.keys(payload)).toEqual(['url'])
  const url = new URL(payload.url)
  const good = await fetch(url)
  expect(good.status).toBe(200)
  expect(
    Buffer.from(await good.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
  const forged = new URL(url)
  forged.searchParams.set('oe', 'FFFFFFFF')
  expect((await fetch(forged)).status).toBe(403)

  await control('faults/set', { cdn: { type: 'text/html', sizeBytes: 100_000 } })
  const strange = await fetch(url)
  expect(strange.headers.get('content-type')).toBe('text/html')
  expect((await strange.arrayBuffer()).byteLength).toBe(100_000)
  await control('faults/set', { cdn: { status: 404 } })
  expect((await fetch(url)).status).toBe(404)
  await control('faults/clear')

  const expiry = Number.parseInt(url.searchParams.get('oe') ?? '', 16) * 1000
  await control('clock/advance', { ms: expiry - Date.now() + 60_000 })
  expect((await fetch(url)).status).toBe(403)
})

test('a sticker comes alone, or as the image it used to be', async () => {
  const { control, subscriber, customer, settle } = await connected()
  const kinds = async (sticker: string) => {
    await control('switches/set', { sticker })
    await control('customer/send-sticker', customer)
    await settle()
    return subscriber
      .events()
      .at(-1)
      .message.attachments.map(({ type }: { type: string }) => type)
  }
  expect(await kinds('sticker')).toEqual(['sticker'])
  expect(await kinds('both')).toEqual(['image', 'sticker'])
  expect(await kinds('image')).toEqual(['image'])
})

test('the control interface takes JSON alone and says what does not fit', async () => {
  const { origin, control } = await connected()
  const form = await fetch(`${origin}/simulator/world/person`, {
    method: 'POST',
    body: new URLSearchParams({ firstName: 'Eve' }),
  })
  expect(form.status).toBe(415)
  await expect(control('world/person', {})).rejects.toThrow(/firstName/)
  await expect(control('customer/write', { person: '1', page: '2', text: 'x' })).rejects.toThrow(/no p/)
  await expect(control('switches/set', { sticker: 7 })).rejects.toThrow(/string/)
})
