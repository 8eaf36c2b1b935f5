import { Webhook } from 'standardwebhooks'
import { Webhook as Svix } from 'svix'
import { expect, test } from 'vitest'
import { testDesk, until } from '../reply/reply-testing.ts'

const desk = await testDesk()
const { server } = desk
const { db } = server.ctx
const there = await desk.replyUrl()
const { account, agent } = await desk.open(there.url)
const call = server.call

async function answer(interactionId: number, body: string): Promise<number> {
  const sent = await call('POST /api/openchannel/messages', {
    as: agent,
    body: { OpenchannelInteractionId: interactionId, body },
  })
  return sent.body.id
}
const message = (id: number) =>
  db.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const postedOf = (messageId: number) => there.posted.filter(({ body }) => body.id === messageId)
const retry = (id: number, as = agent) =>
  call('POST /api/openchannel/messages/:id/retry', { as, params: { id } })
async function failedAnswer(): Promise<number> {
  there.status = 400
  const id = await answer(await desk.write(account), 'Hello?')
  await until(async () => (await message(id)).status === 'failed')
  there.status = 200
  return id
}

test('the body is the wire’s, with everything that public receivers read', async () => {
  const { id: fieldId } = await db
    .insertInto('custom_field')
    .values({ name: 'Customer number', type: 'text' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id: emptyId } = await db
    .insertInto('custom_field')
    .values({ name: 'Shoe size', type: 'number' })
    .returning('id')
    .executeTakeFirstOrThrow()
  server.ctx.push.ring({ changed: 'lists' })
  const interactionId = await desk.write(account, {
    from: '24601',
    mapKey: 'facebook',
    firstName: 'Giulia',
    lastName: 'Ferri',
    threadId: '123_456',
    externalUrl: 'https://example.com/p/1',
    to: '134968929707951',
    [`cf_${fieldId}`]: 'K-7',
  })
  const id = await answer(interactionId, 'Ciao Giulia 👋')
  await until(() => postedOf(id).length === 1)
  const [posted] = postedOf(id)
  const user = await db
    .selectFrom('app_user')
    .selectAll()
    .where('id', '=', agent.id)
    .executeTakeFirstOrThrow()
  const interaction = await db
    .selectFrom('interaction')
    .selectAll()
    .where('id', '=', interactionId)
    .executeTakeFirstOrThrow()
  const contact = {
    id: interaction.contact_id,
    firstName: 'Giulia',
    lastName: 'Ferri',
    street: null,
    postalCode: null,
    city: null,
    country: null,
    dateOfBirth: null,
    description: null,
    phone: '24601',
    mobile: null,
    fax: null,
    email: null,
    url: null,
    facebook: '24601',
    twitter: null,
    skype: null,
    tags: [],
    ListId: 1,
    [`cf_${fieldId}`]: 'K-7',
    [`cf_${emptyId}`]: null,
  }
  expect(posted?.body).toEqual({
    id,
    body: 'Ciao Giulia 👋',
    Contact: contact,
    contact,
    Interaction: {
      id: interactionId,
      to: '134968929707951',
      threadId: '123_456',
      externalUrl: 'https://example.com/p/1',
      subject: null,
      createdAt: interaction.created_at.toISOString(),
    },
    interface: `PATCHBAY/${user.name}`,
    agent: { id: agent.id, name: user.name, fullname: user.fullname },
    UserId: agent.id,
    ContactId: interaction.contact_id,
    OpenchannelAccountId: account.id,
    OpenchannelAccountUid: account.uid,
    OpenchannelInteractionId: interactionId,
  })
})

test('an answer that no agent wrote says auto and names the account', async () => {
  const interactionId = await desk.write(account)
  await server.ctx.pool.query(
    `select reply($1, null, null, null, null, false, '{Welcome}', '{null}', null, null, null, false)`,
    [interactionId],
  )
  server.ctx.push.ring({ deliver: true })
  await until(() => there.posted.some(({ body }) => body.body === 'Welcome'))
  const { name } = await db
    .selectFrom('account')
    .select('name')
    .where('id', '=', account.id)
    .executeTakeFirstOrThrow()
  expect(there.posted.find(({ body }) => body.body === 'Welcome')?.body).toMatchObject({
    UserId: null,
    interface: 'PATCHBAY/auto',
    agent: { id: null, name: 'auto', fullname: name },
  })
})

test('the secret that an admin reads verifies an answer, and after a rotation the old and the new one do', async () => {
  const secretOf = async (rotate: boolean) =>
    (
      await call('POST /api/openchannel/accounts/:id/secret', {
        params: { id: account.id },
        body: { rotate },
      })
    ).body.secret
  const old = await secretOf(false)
  const fresh = await secretOf(true)
  const id = await answer(await desk.write(account), 'Signed twice.')
  await until(() => postedOf(id).length === 1)
  const [posted] = postedOf(id)
  const headers = posted?.headers as Record<string, string>
  for (const secret of [old, fresh]) {
    expect(new Webhook(secret).verify(posted?.text ?? '', headers)).toMatchObject({ id })
    expect(() => new Svix(secret).verify(posted?.text ?? '', headers)).not.toThrow()
    expect(() => new Svix(secret).verify(`${posted?.text} `, headers)).toThrow()
  }
  expect(headers['webhook-signature']?.split(' ')).toHaveLength(2)
  expect(headers['user-agent']).toMatch(/^Patchbay\/\d+\.\d+\.\d+$/)
})

test('a failed answer is tried again on request, and its status moves only when the channel answers', async () => {
  const id = await failedAnswer()
  expect((await message(id)).status_reason).toBe('The Reply URL answered 400 Bad Request.')
  const { status, body } = await retry(id)
  expect([status, body.status]).toEqual([200, 'failed'])
  await until(async () => (await message(id)).status === 'sent')
  expect((await message(id)).status_reason).toBeNull()
  const [first, second] = postedOf(id)
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  const { rows } = (
    await call('GET /api/openchannel/deliveries', { query: { accountId: account.id, limit: 2 } })
  ).body
  expect(rows[0]).toMatchObject({ messageId: id, state: 'delivered', attempts: 1, lastStatus: 200 })
})

test('of two requests to try again one makes a delivery, the other is told that one is under way', async () => {
  const id = await failedAnswer()
  // Keeps the lane from moving, as a slow endpoint would.
  await db.updateTable('lane').set({ next_at: '2100-01-01' }).execute()
  const answers = await Promise.all([retry(id), retry(id)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  expect(answers.find(({ status }) => status === 409)?.body.code).toBe('RE-104')
  await db.updateTable('lane').set({ next_at: null }).execute()
})

test('only what failed can be tried again, and only by those who see the account', async () => {
  const id = await answer(await desk.write(account), 'Fine.')
  await until(async () => (await message(id)).status === 'sent')
  const stranger = await server.makeUser('agent')
  const cases = [await retry(id), await retry(id, stranger), await retry(999_999)]
  expect(cases.map(({ status, body }) => [status, body.code])).toEqual([
    [409, 'RE-104'],
    [404, 'GE-105'],
    [404, 'GE-105'],
  ])
})

test('a delivery can be made once more, also when it had succeeded, and strangers find none', async () => {
  const id = await answer(await desk.write(account), 'Again.')
  await until(async () => (await message(id)).status === 'sent')
  const { rows } = (await call('GET /api/openchannel/deliveries', { query: { state: 'delivered' } })).body
  const delivery = rows.find(({ messageId }) => messageId === id)
  const params = { id: delivery?.id ?? 0 }
  const stranger = await server.makeUser('agent')
  const refused = await call('POST /api/openchannel/deliveries/:id/replay', { as: stranger, params })
  expect([refused.status, refused.body.code]).toEqual([404, 'GE-105'])
  const replayed = await call('POST /api/openchannel/deliveries/:id/replay', { params })
  expect(replayed.status).toBe(200)
  expect(replayed.body.id).toBeGreaterThan(params.id)
  await until(() => postedOf(id).length === 2)
  await until(async () => {
    const { rows } = (await call('GET /api/openchannel/deliveries', { query: { accountId: account.id } }))
      .body
    return rows.find((row) => row.id === replayed.body.id)?.state === 'delivered'
  })
  expect((await message(id)).status).toBe('sent')
})

test('deliveries are listed newest first, page by page, by account, interaction and state', async () => {
  const interactionId = await desk.write(account)
  for (const text of ['1', '2', '3']) await answer(interactionId, text)
  const list = async (query: object) => (await call('GET /api/openchannel/deliveries', { query })).body
  const all = await list({ interactionId })
  expect(all.count).toBe(3)
  const first = await list({ interactionId, limit: 2 })
  const second = await list({ interactionId, limit: 2, cursor: first.cursor })
  expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(all.rows.map(({ id }) => id))
  expect(second.cursor).toBeNull()
  expect(all.rows.map(({ id }) => id)).toEqual(all.rows.map(({ id }) => id).toSorted((a, b) => b - a))
  expect((await list({ state: 'dead' })).rows).toEqual([])
  const agents = await call('GET /api/openchannel/deliveries', { as: agent })
  expect(agents.body.code).toBe('AU-105')
})

test('the file’s link is signed anew and stands in no record of an attempt', async () => {
  const interactionId = await desk.write(account)
  const form = new FormData()
  form.set('file', new Blob(['x']), 'x.txt')
  const upload = await fetch(`${server.url}/api/attachments`, {
    method: 'POST',
    headers: agent.headers,
    body: form,
  })
  const { id: AttachmentId } = (await upload.json()) as { id: number }
  const sent = await call('POST /api/openchannel/messages', {
    as: agent,
    body: { OpenchannelInteractionId: interactionId, body: '', AttachmentId },
  })
  await until(() => postedOf(sent.body.id).length === 1)
  const link = new URL(postedOf(sent.body.id)[0]?.body.attachment?.url ?? '')
  expect(Number(link.searchParams.get('expires')) - Date.now() / 1000).toBeGreaterThan(23 * 3600)
  let record: { request_body: string | null }[] = []
  await until(async () => {
    record = await db
      .selectFrom('delivery_attempt')
      .innerJoin('delivery', 'delivery.id', 'delivery_attempt.delivery_id')
      .select('request_body')
      .where('message_id', '=', sent.body.id)
      .execute()
    return record.length === 1
  })
  expect(record[0]?.request_body).not.toContain(link.searchParams.get('signature'))
  expect(record[0]?.request_body).toContain('x.txt')
})

test('an account that lost its Reply URL fails what is still on its way, in words', async () => {
  const gone = await desk.open('http://127.0.0.1:9/reply')
  const interactionId = await desk.write(gone.account)
  await call('POST /api/openchannel/messages', {
    as: gone.agent,
    body: { OpenchannelInteractionId: interactionId, body: 'Nobody there.' },
  })
  const id = (
    await db.selectFrom('message').select('id').where('body', '=', 'Nobody there.').executeTakeFirstOrThrow()
  ).id
  await until(async () => (await message(id)).status === 'retrying')
  await call('PATCH /api/openchannel/accounts/:id', {
    params: { id: gone.account.id },
    body: { replyUrl: '' },
  })
  await until(async () => (await message(id)).status === 'failed')
  expect((await message(id)).status_reason).toBe('The account has no Reply URL.')
})

test('answers that wait for a dead endpoint leave at once when the account gets another Reply URL', async () => {
  const moved = await desk.open('http://127.0.0.1:9/reply')
  const ids: number[] = []
  for (let n = 0; n < 6; n++)
    ids.push(
      (
        await call('POST /api/openchannel/messages', {
          as: moved.agent,
          body: { OpenchannelInteractionId: await desk.write(moved.account), body: 'Moved.' },
        })
      ).body.id,
    )
  const state = async () =>
    (
      await db
        .selectFrom('endpoint')
        .select('state')
        .where('account_id', '=', moved.account.id)
        .executeTakeFirst()
    )?.state
  await until(async () => (await state()) === 'open')
  await db.updateTable('endpoint').set({ probe_at: '2100-01-01' }).execute()
  await call('PATCH /api/openchannel/accounts/:id', {
    params: { id: moved.account.id },
    body: { replyUrl: there.url },
  })
  await until(async () => (await Promise.all(ids.map(message))).every(({ status }) => status === 'sent'))
  await until(async () => (await state()) === 'closed')
})
