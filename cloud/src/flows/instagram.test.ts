import { expect, test } from 'vitest'
import { accountsOf } from './instagram-testing.ts'
import { soon, startTraffic } from './testing.ts'

const traffic = await startTraffic({ FACEBOOK_HUMAN_AGENT: 'yes' })
const { graph, webhook, ctx } = traffic
const account = accountsOf(traffic)
const HOUR = 3_600_000

test('a message reaches the contact centre under a key of Instagram’s own, with the name that Instagram tells', async () => {
  const { pageId, direct, told } = await account()
  graph.answer = ({ path, method }) =>
    method === 'GET' && path.endsWith('/77') ? { body: { name: 'Giulia Ferri', username: 'giu' } } : undefined
  expect(await direct({ message: { mid: `aWdf_${pageId}`, text: 'Ciao' } })).toMatchObject({ status: 200 })
  await expect
    .poll(() => told('/notify'), soon)
    .toMatchObject([
      {
        from: 'instagram:77',
        mapKey: 'facebook',
        body: 'Ciao',
        firstName: 'Giulia',
        lastName: 'Ferri',
        description: 'Instagram: @bakery',
        to: pageId,
        messageId: `aWdf_${pageId}`,
      },
    ])
  await expect
    .poll(() => told('/events'), soon)
    .toMatchObject([{ type: 'window', from: 'instagram:77', mapKey: 'facebook' }])
  graph.answer = () => undefined
})

test('a customer whose profile is hidden is called by the last digits of his id', async () => {
  const { direct, told } = await account()
  await direct({ message: { mid: 'aWdf_hidden', text: 'Ciao' } })
  await expect
    .poll(() => told('/notify'), soon)
    .toMatchObject([{ firstName: 'Instagram user', lastName: '77' }])
})

test('an answer goes out by the page to which the account is linked, in pieces of 1000 bytes', async () => {
  const { write, sent } = await account()
  await write({ body: 'è così. '.repeat(200) })
  await expect
    .poll(
      () =>
        sent()
          .map(({ message }) => message.text)
          .join(' '),
      soon,
    )
    .toBe('è così. '.repeat(200).trim())
  expect(sent().length).toBeGreaterThan(1)
  expect(sent()[0]).toMatchObject({ recipient: { id: '77' }, messaging_type: 'RESPONSE' })
})

test('a file that Instagram does not take goes as its address, and the agent is told so', async () => {
  const { write, sent, told } = await account()
  const attachment = { id: 7, name: 'a.zip', type: 'application/zip', url: 'https://desk.example/f/7' }
  await write({ body: 'a.zip', AttachmentId: 7, attachment })
  await expect
    .poll(() => told('/receipts'), soon)
    .toMatchObject([
      {
        status: 'sent',
        reason: 'As a link, which works for 24 hours: Instagram takes no files of this kind.',
      },
    ])
  expect(sent()).toMatchObject([{ message: { text: 'a.zip: https://desk.example/f/7' } }])
})

test('a contact of Facebook is not answered on Instagram', async () => {
  const { write } = await account()
  expect(await write({ Contact: { id: 5, facebook: '77' } })).toMatchObject({
    status: 400,
    body: { code: 'CL-204' },
  })
})

test('after a day a person’s answer carries the tag, and what Instagram does not allow comes back in words', async () => {
  const late = await account()
  await late.direct({ message: { mid: 'aWdf_late', text: 'Ciao' } }, Date.now() - 25 * HOUR)
  await expect.poll(() => late.told('/notify'), soon).toHaveLength(1)
  await late.write()
  await expect
    .poll(() => late.sent(), soon)
    .toMatchObject([{ messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }])

  const other = await account()
  graph.answer = ({ path }) =>
    path.endsWith(`/${other.page}/messages`)
      ? { status: 400, body: { error: { message: '(#10) x', code: 10, error_subcode: 2534022 } } }
      : undefined
  await other.write()
  await expect
    .poll(() => other.told('/receipts'), soon)
    .toMatchObject([
      { status: 'failed', reason: expect.stringMatching(/^Instagram’s time for answers is over/) },
    ])
  graph.answer = () => undefined
})

test('an echo without a mark that comes before its acknowledgement is known as ours, and one of a colleague is told', async () => {
  const { id, echo, told, write } = await account()
  graph.answer = ({ path, method }) => (method === 'POST' && path.endsWith('/messages') ? 'cut' : undefined)
  await write({ body: 'We bake at six.' })
  const asked = async () =>
    (await ctx.db.selectFrom('sent').selectAll().where('integration_id', '=', id).execute()).map(
      (row) => row.message_id,
    )
  await expect.poll(asked, soon).toEqual([null])
  await echo('aWdf_ours', { text: 'We bake at six.' })
  await expect.poll(asked, soon).toEqual(['aWdf_ours'])
  await echo('aWdf_theirs', { text: 'And at eight.' })
  await expect
    .poll(() => told('/events').filter(({ type }) => type === 'message.sent'), soon)
    .toMatchObject([{ from: 'instagram:77', messageId: 'aWdf_theirs', data: { body: 'And at eight.' } }])
  graph.answer = () => undefined
})

test('a message that is named as read stands for those before it, and not for those after it', async () => {
  const { id, direct, told, write, sent } = await account()
  for (const body of ['One', 'Two', 'Three']) {
    await write({ body })
    await expect.poll(() => sent().at(-1)?.message.text, soon).toBe(body)
  }
  const rows = () =>
    ctx.db
      .selectFrom('sent')
      .select(['message_id', 'status', 'answer_id'])
      .where('integration_id', '=', id)
      .orderBy('id')
      .execute()
  await expect
    .poll(async () => (await rows()).every(({ message_id }) => message_id !== null), soon)
    .toBe(true)
  const [one, two] = await rows()
  await direct({ read: { mid: two?.message_id } })
  await expect.poll(() => told('/receipts').length, soon).toBe(2)
  expect(told('/receipts')).toMatchObject([
    { id: one?.answer_id, status: 'read' },
    { id: two?.answer_id, status: 'read' },
  ])
  await expect
    .poll(async () => (await rows()).map(({ status }) => status), soon)
    .toEqual(['read', 'read', 'sent'])
})

test('a page and the account that is linked to it share a webhook address and mix up nothing', async () => {
  const { pageId, page, told } = await account()
  const message = { message: { mid: `aWdf_x${pageId}`, text: 'x' } }
  const send = (object: string, id: string) =>
    webhook({
      object,
      entry: [{ id, time: 1, messaging: [{ sender: { id: '77' }, timestamp: Date.now(), ...message }] }],
    })
  // Under the other kind of object, or the page's number, it is not the account's.
  for (const [object, id] of [
    ['page', pageId],
    ['instagram', page],
    ['whatsapp_business_account', pageId],
  ] as const)
    expect(await send(object, id)).toMatchObject({ status: 200 })
  expect(await send('instagram', pageId)).toMatchObject({ status: 200 })
  await expect.poll(() => told('/notify'), soon).toHaveLength(1)
})

test('comments and mentions are taken with 200, and nobody is told; a message beside them is', async () => {
  const { id, pageId, direct, told } = await account()
  const from = { id: '77', username: 'giu' }
  const public_ = (field: string, value: object) =>
    webhook({
      object: 'instagram',
      entry: [{ id: pageId, time: 1_789_000_000, changes: [{ field, value }] }],
    })
  const comment = { id: '9', text: 'Nice', from, media: { id: '2', media_product_type: 'FEED' } }
  for (const [field, value] of [
    ['comments', comment],
    ['comments', { ...comment, parent_id: '8' }],
    ['live_comments', comment],
    ['mentions', { media_id: '2', comment_id: '9' }],
    ['story_insights', { media_id: '2', reach: 1 }],
  ] as const)
    expect([field, (await public_(field, value)).status]).toEqual([field, 200])
  await direct({ message: { mid: `aWdf_beside${pageId}`, text: 'Direct' } })
  await expect.poll(() => told('/notify').map(({ body }) => body), soon).toEqual(['Direct'])
  const parcels = await ctx.db.selectFrom('parcel').select('key').where('integration_id', '=', id).execute()
  expect(parcels).toEqual([{ key: `message:aWdf_beside${pageId}` }])
})
