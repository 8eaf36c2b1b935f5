import { expect, test } from 'vitest'
import { testDesk, until } from './reply-testing.ts'

const desk = await testDesk()
const { server } = desk
const there = await desk.replyUrl()
const { account, agent } = await desk.open(there.url)
const { db } = server.ctx

const send = (
  interactionId: number,
  body: object,
  as: typeof agent | { headers: Record<string, string> } = agent,
) =>
  server.call('POST /api/openchannel/messages', {
    as,
    body: { OpenchannelInteractionId: interactionId, body: '', direction: 'out', ...body },
  })
const thread = async (id: number) =>
  (await server.call('GET /api/openchannel/interactions/:id/thread', { params: { id } })).body
const interaction = (id: number) =>
  db.selectFrom('interaction').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const postedFor = (id: number) => there.posted.filter(({ body }) => body.Interaction.id === id)
async function upload(name: string, as = agent): Promise<number> {
  const form = new FormData()
  form.set('file', new Blob([`bytes of ${name}`]), name)
  const response = await fetch(`${server.url}/api/attachments`, {
    method: 'POST',
    headers: as.headers,
    body: form,
  })
  return ((await response.json()) as { id: number }).id
}

test('a file larger than the account takes is refused with the answer, which can be sent with a smaller one', async () => {
  const tight = await desk.open(there.url)
  const params = { id: tight.account.id }
  await server.call('PATCH /api/openchannel/accounts/:id', { params, body: { attachmentLimitBytes: 14 } })
  const id = await desk.write(tight.account)
  const once = { body: 'See these.', clientId: 'client-large' }
  const [a, bc] = [await upload('a', tight.agent), await upload('bcdefg', tight.agent)]
  const refused = await send(id, { ...once, attachmentIds: [a, bc] }, tight.agent)
  expect(refused).toMatchObject({ status: 413, body: { code: 'AT-103', limitBytes: 14 } })
  expect((await thread(id)).items.filter(({ message }) => message?.direction === 'out')).toEqual([])
  expect((await thread(id)).fileLimitBytes).toBe(14)
  expect((await send(id, { ...once, attachmentIds: [a] }, tight.agent)).status).toBe(201)
})

test('an answer is stored, goes to the Reply URL, and is shown as sent', async () => {
  const id = await desk.write(account)
  const { status, body } = await send(id, { body: 'Your order left today.' })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    direction: 'out',
    body: 'Your order left today.',
    secret: false,
    UserId: agent.id,
    OpenchannelAccountId: account.id,
    OpenchannelInteractionId: id,
  })
  expect(['queued', 'sent']).toContain(body.status)
  expect(body.messages).toHaveLength(1)
  await until(() => postedFor(id).length === 1)
  await until(async () => (await thread(id)).items.some(({ message }) => message?.status === 'sent'))
  expect(await interaction(id)).toMatchObject({
    last_message_direction: 'out',
    last_message_preview: 'Your order left today.',
    unread: 0,
  })
  expect((await interaction(id)).first_reply_at).not.toBeNull()
})

test('whoever answers at the desk what nobody has takes it', async () => {
  const id = await desk.write(account)
  await send(id, { body: 'Mine now.' })
  expect(await interaction(id)).toMatchObject({ state: 'assigned', user_id: agent.id, waiting_since: null })
  expect((await thread(id)).items.map(({ type }) => type).filter((type) => type !== 'status')).toEqual([
    'opened',
    'message',
    'assigned',
    'message',
  ])
})

test('an answer by key leaves the interaction where it waits and names the user of the key', async () => {
  const id = await desk.write(account)
  const key = await server.makeKey(agent)
  const { status, body } = await send(id, { body: 'From a program.', sentBy: 'bot' }, key)
  expect(status).toBe(201)
  expect(body).toMatchObject({ UserId: agent.id, sentBy: 'bot' })
  expect(await interaction(id)).toMatchObject({ state: 'new', user_id: null })
  await until(() => postedFor(id).length === 1)
  expect(postedFor(id)[0]?.body).toMatchObject({ UserId: agent.id })
})

test('an agent may answer what a colleague has, and it stays with the colleague', async () => {
  const colleague = await server.makeUser('agent')
  await server.addAgent(account, colleague)
  const id = await desk.write(account)
  await desk.assign(id, colleague)
  expect((await send(id, { body: 'Helping out.' })).status).toBe(201)
  expect(await interaction(id)).toMatchObject({ user_id: colleague.id })
})

test('what is being offered to a colleague cannot be answered over his head, and nothing is stored', async () => {
  const colleague = await server.makeUser('agent')
  const id = await desk.write(account)
  const queue = await db
    .insertInto('queue')
    .values({ name: 'offers' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('offer')
    .values({ interaction_id: id, queue_id: queue.id, user_id: colleague.id, expires_at: '2100-01-01' })
    .execute()
  await db
    .updateTable('interaction')
    .set({ state: 'offered', queue_id: queue.id })
    .where('id', '=', id)
    .execute()
  const { status, body } = await send(id, { body: 'Too eager.' })
  expect([status, body.code]).toEqual([409, 'OF-101'])
  expect((await thread(id)).items.filter(({ message }) => message?.direction === 'out')).toEqual([])
})

test('a note stays with colleagues, also on a closed interaction and without a Reply URL', async () => {
  const mute = await desk.open()
  const id = await desk.write(mute.account)
  await db
    .updateTable('interaction')
    .set({ state: 'closed', closed_at: new Date() })
    .where('id', '=', id)
    .execute()
  const { status, body } = await send(id, { body: 'He is a friend.', secret: true }, mute.agent)
  expect(status).toBe(201)
  expect(body).toMatchObject({ secret: true, status: 'note' })
  const { items } = await thread(id)
  expect(items.at(-1)).toMatchObject({ type: 'note', message: { body: 'He is a friend.', status: 'note' } })
  const deliveries = await db.selectFrom('delivery').selectAll().where('interaction_id', '=', id).execute()
  expect(deliveries).toEqual([])
  expect(await interaction(id)).toMatchObject({ last_message_direction: 'in', user_id: null })
})

test('with a file, text goes first and the file follows as a call of its own, its name as body', async () => {
  const id = await desk.write(account)
  const fileId = await upload('invoice.txt')
  const { body } = await send(id, { body: 'Here it is.', AttachmentId: fileId })
  expect(body.messages.map((message) => [message.body, message.AttachmentId])).toEqual([
    ['Here it is.', null],
    ['invoice.txt', fileId],
  ])
  await until(() => postedFor(id).length === 2)
  const [text, file] = postedFor(id).map((posted) => posted.body)
  expect(text?.body).toBe('Here it is.')
  expect(text).not.toHaveProperty('AttachmentId')
  expect(text).not.toHaveProperty('attachment')
  expect(file).toMatchObject({
    body: 'invoice.txt',
    AttachmentId: fileId,
    attachment: { id: fileId, name: 'invoice.txt', sizeBytes: 20 },
  })
  const bytes = await fetch(file?.attachment?.url ?? '')
  expect(await bytes.text()).toBe('bytes of invoice.txt')
})

test.each(['', 'photo.txt'])('a file whose text is %j goes out alone', async (text) => {
  const id = await desk.write(account)
  const { body } = await send(id, { body: text, AttachmentId: await upload('photo.txt') })
  expect(body.messages.map((message) => message.body)).toEqual(['photo.txt'])
})

test('several files follow the text in their order', async () => {
  const id = await desk.write(account)
  const attachmentIds = [await upload('b.txt'), await upload('a.txt')]
  const { body } = await send(id, { body: 'Two files.', attachmentIds })
  expect(body.messages.map((message) => message.body)).toEqual(['Two files.', 'b.txt', 'a.txt'])
  await until(() => postedFor(id).length === 3)
  expect(postedFor(id).map((posted) => posted.body.body)).toEqual(['Two files.', 'b.txt', 'a.txt'])
})

test('a file of somebody else is unknown, and a refused answer leaves its own file free', async () => {
  const other = await server.makeUser('agent')
  const id = await desk.write(account)
  const foreign = await send(id, { body: 'x', AttachmentId: await upload('theirs.txt', other) })
  expect([foreign.status, foreign.body.code]).toEqual([404, 'GE-105'])
  const mute = await desk.open()
  const fileId = await upload('mine.txt', mute.agent)
  const refused = await send(await desk.write(mute.account), { AttachmentId: fileId }, mute.agent)
  expect(refused.body.code).toBe('RE-101')
  const file = await db
    .selectFrom('attachment')
    .select('account_id')
    .where('id', '=', fileId)
    .executeTakeFirstOrThrow()
  expect(file.account_id).toBeNull()
})

test('a second send of the same client id is the first, also when both come at once or it was split', async () => {
  const id = await desk.write(account)
  const once = { body: 'Once.', AttachmentId: await upload('once.txt'), clientId: 'client-id-1' }
  const copies = await Promise.all([send(id, once), send(id, once), send(id, once)])
  const later = await send(id, once)
  const ids = [...copies, later].map(({ body }) => body.messages.map((message) => message.id))
  for (const each of ids) expect(each).toEqual(ids[0])
  expect(ids[0]).toHaveLength(2)
  await until(() => postedFor(id).length === 2)
  const colleague = await server.makeKey(await server.makeUser('admin'))
  const theirs = await send(id, once, colleague)
  expect(theirs.body.id).not.toBe(copies[0]?.body.id)
})

test('a repeated send is answered also after the interaction was closed', async () => {
  const id = await desk.write(account)
  const once = { body: 'Bye.', clientId: 'client-id-2' }
  const first = await send(id, once)
  await db
    .updateTable('interaction')
    .set({ state: 'closed', closed_at: new Date() })
    .where('id', '=', id)
    .execute()
  const again = await send(id, once)
  expect([again.status, again.body.id]).toEqual([201, first.body.id])
  const other = await send(id, { body: 'One more.' })
  expect([other.status, other.body.code]).toEqual([409, 'IN-103'])
})

test('an answer is held when the customer wrote what its writer has not seen, and goes out once he has', async () => {
  const from = '+3900'
  const id = await desk.write(account, { from })
  const { seq } = await thread(id)
  await send(id, { body: 'First.', seenSeq: seq })
  await send(id, { body: 'Second: my own do not count.', seenSeq: seq })
  await desk.write(account, { from, body: 'wait!' })
  const held = await send(id, { body: 'Third.', seenSeq: seq })
  expect([held.status, held.body.code]).toEqual([409, 'RE-103'])
  const newest = (held.body as unknown as { seq: number }).seq
  expect(newest).toBeGreaterThan(seq)
  expect((await send(id, { body: 'Third.', seenSeq: newest })).status).toBe(201)
})

test('what cannot be sent is refused with its reason', async () => {
  const mute = await desk.open()
  const id = await desk.write(account)
  const cases = [
    await send(id, { body: '  \n' }),
    await send(id, { body: null }),
    await send(await desk.write(mute.account), { body: 'x' }, mute.agent),
    await send(id, { body: 'x', OpenchannelAccountId: mute.account.id }),
    await send(id, { body: 'x', ContactId: 999_999 }),
    await send(id, { body: 'x' }, mute.agent),
    await send(999_999, { body: 'x' }),
  ]
  expect(cases.map(({ status, body }) => [status, body.code, body.field])).toEqual([
    [400, 'RE-102', undefined],
    [400, 'RE-102', undefined],
    [409, 'RE-101', undefined],
    [400, 'GE-101', 'OpenchannelAccountId'],
    [400, 'GE-101', 'ContactId'],
    [404, 'GE-105', undefined],
    [404, 'GE-105', undefined],
  ])
})

test('an admin answers on every account, and text that no database takes is stored with its marks', async () => {
  const id = await desk.write(account)
  const { status, body } = await send(id, { body: 'a\0b\ud800' }, server.admin)
  expect([status, body.body]).toEqual([201, 'a\u2400b\ufffd'])
})

test('of many answers sent at the same moment each has its own fate, also beside one whose interaction is held', async () => {
  const key = await server.makeKey(agent)
  const ids = await Promise.all(Array.from({ length: 12 }, () => desk.write(account)))
  const [held = 0, closed = 0] = ids
  await db
    .updateTable('interaction')
    .set({ state: 'closed', closed_at: new Date() })
    .where('id', '=', closed)
    .execute()
  const holder = await server.ctx.pool.connect()
  await holder.query('begin')
  await holder.query('select from interaction where id = $1 for update', [held])
  let isLate = false
  const late = send(held, { body: 'late' }, key).finally(() => {
    isLate = true
  })
  const others = await Promise.all(
    [...ids.slice(1), 999_999].map((id) => send(id, { body: `to ${id}` }, key)),
  )
  expect(isLate).toBe(false)
  await holder.query('commit')
  holder.release()
  expect(others.map(({ status }) => status)).toEqual([409, ...Array(10).fill(201), 404])
  for (const { status, body } of others)
    if (status === 201) expect(body.body).toBe(`to ${body.OpenchannelInteractionId}`)
  expect((await late).status).toBe(201)
})
