/** Writing to a customer first: who he is, what is open already, and many who begin at once. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../testing.ts'

const server = await startTestServer()
const { call, ctx } = server
const agent = await server.makeUser('agent')
const colleague = await server.makeUser('agent')
const account = await server.makeAccount({ replyUrl: 'http://127.0.0.1:9/reply', agents: [agent, colleague] })
await call('PATCH /api/openchannel/accounts/:id', { params: { id: account.id }, body: { mapKey: 'phone' } })

const begin = (body: object, as = agent) =>
  call('POST /api/openchannel/interactions', { as, body: { OpenchannelAccountId: account.id, ...body } })
const eventsOf = async (id: number) =>
  (
    await ctx.db
      .selectFrom('interaction_log')
      .select('type')
      .where('interaction_id', '=', id)
      .orderBy('seq')
      .execute()
  ).map(({ type }) => type)

test('whoever has the value is written to: a new contact and interaction, which the agent has, and the message on its way', async () => {
  const { status, body } = await begin({ from: '+39 347 1', body: 'Your parcel is here' })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    begun: true,
    interaction: { state: 'assigned', UserId: agent.id, closed: false },
  })
  expect(body.messages).toMatchObject([{ direction: 'out', body: 'Your parcel is here' }])
  expect((await eventsOf(body.interaction.id)).slice(0, 3)).toEqual(['opened', 'assigned', 'message'])
  const { body: contact } = await call('GET /api/contacts/:id', {
    params: { id: body.interaction.ContactId },
  })
  expect(contact).toMatchObject({ phone: '+39 347 1', firstName: '+39 347 1' })
  const owed = await ctx.db
    .selectFrom('delivery')
    .select('event')
    .where('interaction_id', '=', body.interaction.id)
    .execute()
  expect(owed).toEqual([{ event: 'reply' }])
  // The customer's answer comes into the same interaction.
  const answer = await server.receive(account, { from: '+39 347 1', body: 'Thanks' })
  expect(answer.body.interaction?.id).toBe(body.interaction.id)
})

test('what is open is answered in place of a second one, also by a colleague; a thread of its own is another', async () => {
  const first = await begin({ from: '+39 347 2', body: 'One' })
  const ContactId = first.body.interaction.ContactId
  const again = await begin({ ContactId, body: 'Two' }, colleague)
  expect(again.body).toMatchObject({
    begun: false,
    interaction: { id: first.body.interaction.id, UserId: agent.id },
  })
  expect(again.body.messages).toHaveLength(1)
  const other = await begin({ ContactId, threadId: 'order-7' })
  expect(other.body).toMatchObject({ begun: true, messages: [], interaction: { threadId: 'order-7' } })
  await call('POST /api/openchannel/interactions/:id/close', {
    params: { id: first.body.interaction.id },
    body: {},
  })
  expect((await begin({ ContactId })).body.begun).toBe(true)
})

test('the same client id sends once', async () => {
  const body = { from: '+39 347 3', body: 'Once', clientId: 'begin-once-1' }
  const [a, b] = [await begin(body), await begin(body)]
  expect(b.body.messages[0]?.id).toBe(a.body.messages[0]?.id)
})

test('sent again after the interaction was closed, it is the first one: nothing is begun for it', async () => {
  const body = { from: '+39 347 4', body: 'Once', clientId: 'begin-once-2' }
  const first = await begin(body)
  const { id, ContactId } = first.body.interaction
  await call('POST /api/openchannel/interactions/:id/close', { params: { id }, body: {} })
  const again = await begin(body)
  expect(again.body).toMatchObject({ begun: false, interaction: { id } })
  expect(again.body.messages.map((message) => message.id)).toEqual([first.body.messages[0]?.id])
  const { rows } = await sql`select from interaction where contact_id = ${ContactId}`.execute(ctx.db)
  expect(rows).toHaveLength(1)
})

test('where the message is not taken, no interaction and no contact remain', async () => {
  const fails = sql`alter table delivery add constraint taken check (account_id <> ${sql.lit(account.id)}) not valid`
  await fails.execute(ctx.db)
  try {
    expect((await begin({ from: '+39 347 5', body: 'Nobody takes it' })).status).toBe(500)
  } finally {
    await sql`alter table delivery drop constraint taken`.execute(ctx.db)
  }
  const { rows } = await sql`select from contact_key where value like '%347 5'`.execute(ctx.db)
  expect(rows).toEqual([])
  expect((await begin({ from: '+39 347 5', body: 'Now' })).body.begun).toBe(true)
})

test('an account that cannot answer, an unknown field, nobody and a contact of another list are refused in words', async () => {
  const mute = await server.makeAccount({ agents: [agent] })
  const code = async (body: object) => (await begin(body)).body.code
  expect(await code({ OpenchannelAccountId: mute.id, from: '+391', body: 'x' })).toBe('RE-101')
  expect(await code({ from: '+391', mapKey: 'telephone' })).toBe('OC-104')
  expect(await code({ body: 'x' })).toBe('GE-101')
  expect(await code({ from: '   ' })).toBe('GE-101')
  expect(await code({ ContactId: 999_999 })).toBe('GE-105')
  const stranger = await server.makeUser('agent')
  expect((await begin({ from: '+391' }, stranger)).body.code).toBe('GE-105')
  const { body: list } = await call('POST /api/lists', { body: { name: 'Others' } })
  const { body: contact } = await call('POST /api/contacts', { body: { listId: list.id, firstName: 'x' } })
  expect((await begin({ ContactId: contact.id }, server.admin)).body).toMatchObject({
    code: 'GE-101',
    field: 'ContactId',
  })
})

async function beginAtOnce({ call, ctx }: TestServer, accountId: number, as: typeof agent, from: string) {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      call('POST /api/openchannel/interactions', {
        as,
        body: { OpenchannelAccountId: accountId, from, mapKey: 'phone', body: `Message ${at}` },
      }),
    ),
  )
  const { rows } = await sql<{ interactions: number; contacts: number; messages: number }>`
    select count(distinct interaction_id)::int as interactions, count(distinct contact_id)::int as contacts, count(*)::int as messages
    from message where account_id = ${accountId} and contact_id in (select contact_id from contact_key where value = ${from})`.execute(
    ctx.db,
  )
  return { begun: answers.filter(({ body }) => body.begun).length, ...rows[0] }
}

test('eight who begin at the same moment make one contact and one interaction, and every message is in it', async () => {
  expect(await beginAtOnce(server, account.id, agent, '+39 347 8')).toEqual({
    begun: 1,
    interactions: 1,
    contacts: 1,
    messages: 8,
  })
})

test('negative control: without the index of open interactions, eight who begin make several', async () => {
  const broken = await startTestServer()
  const { rows } = await sql<{ source: string }>`
    select pg_get_functiondef('begin_interaction'::regproc) as source`.execute(broken.ctx.db)
  const careless = rows[0]?.source
    .replace(/on conflict \(contact_id, account_id, thread_id\) where closed_at is null do nothing/, '')
    // Long enough for the others to look before this one commits.
    .replace(/insert into interaction \(/, 'perform pg_sleep(0.3); insert into interaction (')
  expect(careless).not.toBe(rows[0]?.source)
  await sql`drop index interaction_open`.execute(broken.ctx.db)
  await sql.raw(careless ?? '').execute(broken.ctx.db)
  const other = await broken.makeAccount({ replyUrl: 'http://127.0.0.1:9/reply', agents: [] })
  const found = await beginAtOnce(broken, other.id, broken.admin, '+39 347 9')
  expect(found.interactions).toBeGreaterThan(1)
})
