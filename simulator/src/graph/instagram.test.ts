/** Instagram by the same app and the same endpoints: its own object, ids, limits and permissions. */
import { beforeAll, expect, test } from 'vitest'
import { connected, ids, logIn, pageTokens, wholeScope } from '../testing.ts'

const account = { id: '17841400000000001', username: 'nordbikes' }
const day = 86_400_000
let box: Awaited<ReturnType<typeof connected>>
let igsid: string
const who = () => ({ ...box.customer, platform: 'instagram' })
const send = (message: object, more: object = {}) => box.send({ recipient: { id: igsid }, message, ...more })
const events = () =>
  box.subscriber.taken
    .filter(({ body }) => body.object === 'instagram')
    .flatMap(({ body }) => body.entry)
    .flatMap(({ messaging }) => messaging ?? [])

beforeAll(async () => {
  box = await connected()
  await box.graph('POST', `${box.app.id}/subscriptions`, {
    access_token: `${box.app.id}|${box.app.secret}`,
    object: 'instagram',
    callback_url: box.subscriber.url,
    verify_token: 'a verify token',
    fields: 'messages,messaging_seen,message_reactions,messaging_postbacks',
  })
  igsid = (await box.control('customer/write', { ...who(), text: 'Ciao' })).psid
  await box.settle()
})

test('its messages come under its own object, with the account’s id and another one for the person', async () => {
  const messenger = await box.write('Hello')
  expect(igsid).not.toBe(messenger.psid)
  const delivery = box.subscriber.taken.find(({ body }) => body.object === 'instagram')?.body
  expect(delivery.entry[0]).toMatchObject({
    id: account.id,
    messaging: [{ sender: { id: igsid }, recipient: { id: account.id }, message: { text: 'Ciao' } }],
  })
})

test('an answer goes out by the page, its echo says neither app nor mark, and a reading names the message', async () => {
  const answer = await send({ text: 'Ciao a te', metadata: 'our id 7' })
  expect(answer.body.recipient_id).toBe(igsid)
  await box.control('customer/read', who())
  await box.settle()
  const mid = answer.body.message_id
  const echo = events().find(({ message }) => message?.mid === mid)
  expect(echo).toMatchObject({ sender: { id: account.id }, recipient: { id: igsid } })
  expect(echo.message).toEqual({ mid, text: 'Ciao a te', is_echo: true })
  expect(events().find(({ read }) => read?.mid === mid)).toMatchObject({ sender: { id: igsid } })
})

test('a text of more than 1000 bytes is refused, and files that it does not know', async () => {
  expect((await send({ text: 'ä'.repeat(501) })).body.error.code).toBe(100)
  expect((await send({ text: 'ä'.repeat(500) })).status).toBe(200)
  const form = (name: string, type: string, kind: string) => {
    const body = new FormData()
    body.set('recipient', JSON.stringify({ id: igsid }))
    body.set('message', JSON.stringify({ attachment: { type: kind, payload: {} } }))
    body.set('filedata', new File(['bytes'], name, { type }))
    return fetch(`${box.origin}/${ids.bikes}/messages?access_token=${box.token}`, { method: 'POST', body })
  }
  expect((await form('a.png', 'image/png', 'image')).status).toBe(200)
  expect((await form('a.pdf', 'application/pdf', 'file')).status).toBe(200)
  for (const [name, type, kind] of [
    ['a.zip', 'application/zip', 'file'],
    ['a.tiff', 'image/tiff', 'image'],
    ['è.png', 'image/png', 'image'],
  ] as const)
    expect([name, (await form(name, type, kind)).status]).toEqual([name, 400])
})

test('stories that name the account and answers to its own come with their picture', async () => {
  await box.control('customer/mention-in-story', box.customer)
  await box.control('customer/answer-story', { ...box.customer, text: 'Lovely' })
  await box.settle()
  const mention = events().find(({ message }) => message?.attachments?.[0]?.type === 'story_mention')
  expect(mention.message.attachments[0].payload.url).toContain('/v/')
  const answer = events().find(({ message }) => message?.text === 'Lovely')
  expect(answer.message.reply_to).toEqual({
    story: { id: expect.any(String), url: expect.stringContaining('/v/') },
  })
})

test('its conversations are listed apart, and name the account', async () => {
  const { body } = await box.graph('GET', `${ids.bikes}/conversations`, {
    access_token: box.token,
    platform: 'instagram',
    user_id: igsid,
    fields: 'participants,messages{id,message,from}',
  })
  const [thread] = body.data
  expect(thread.participants.data).toEqual([{ id: igsid, username: 'giulia.ferri' }, account])
  expect(thread.messages.data.at(-1)).toMatchObject({ message: 'Ciao', from: { id: igsid } })
})

test('the account of a page is seen, answered and subscribed to by those who were allowed it', async () => {
  const without = wholeScope
    .split(',')
    .filter((name) => !name.startsWith('instagram_'))
    .join(',')
  const other = await connected({}, { scope: without, permissions: without.split(',') })
  const fields = 'id,instagram_business_account{id,username}'
  const pages = async (one: typeof box) =>
    (await one.graph('GET', 'me/accounts', { access_token: one.userToken, fields })).body.data
  expect((await pages(box)).find(({ id }: { id: string }) => id === ids.bikes)).toMatchObject({
    instagram_business_account: account,
  })
  expect((await pages(box)).find(({ id }: { id: string }) => id === ids.books)).toEqual({ id: ids.books })
  expect(JSON.stringify(await pages(other))).not.toContain(account.id)
  const { psid } = await other.control('customer/write', {
    ...other.customer,
    platform: 'instagram',
    text: 'Hi',
  })
  expect((await other.send({ recipient: { id: psid }, message: { text: 'x' } })).body.error.code).toBe(200)
})

test('after a day only a person’s tag is taken, after seven nothing', async () => {
  const one = await connected()
  const { psid } = await one.control('customer/write', { ...one.customer, platform: 'instagram', text: 'Hi' })
  const answer = (more: object = {}) => one.send({ recipient: { id: psid }, message: { text: 'x' }, ...more })
  const tagged = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
  await one.control('clock/advance', { ms: day + 60_000 })
  expect((await answer()).body.error).toMatchObject({ code: 10, error_subcode: 2534022 })
  expect((await answer({ messaging_type: 'MESSAGE_TAG', tag: 'CUSTOMER_FEEDBACK' })).body.error.code).toBe(
    100,
  )
  expect((await answer(tagged)).status).toBe(200)
  await one.control('clock/advance', { ms: 7 * day })
  expect((await answer(tagged)).body.error).toMatchObject({ code: 10, error_subcode: 2534022 })
})

test('an account can be linked to a page and taken off it', async () => {
  const one = await connected()
  const { id } = await one.control('world/instagram', { page: ids.books, username: 'harbour' })
  const tokens = await pageTokens(one, await logIn(one))
  const read = async () =>
    (
      await one.graph('GET', ids.books, {
        access_token: tokens.get(ids.books),
        fields: 'instagram_business_account',
      })
    ).body
  expect(await read()).toMatchObject({ instagram_business_account: { id, username: 'harbour' } })
  await one.control('world/instagram', { page: ids.books, username: null })
  expect(await read()).toEqual({ id: ids.books })
})
