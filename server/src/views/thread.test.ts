import type { Thread } from '@patchbay/protocol/api/interactions.ts'
import { type RawBuilder, sql } from 'kysely'
import { expect, test } from 'vitest'
import { publish } from '../push/push.ts'
import { type Person, startTestServer } from '../testing.ts'
import { eventsOf } from './thread-items.ts'

const server = await startTestServer()
const { db } = server.ctx
const agent = await server.makeUser('agent', { fullname: 'Anna Verdi' })
const account = await server.makeAccount({ agents: [agent], replyUrl: 'http://127.0.0.1:9/' })

async function write(from: string, body = 'hello', fields: object = {}): Promise<number> {
  const answer = await server.receive(account, { from, mapKey: 'phone', body, ...fields })
  return answer.body.interaction?.id ?? 0
}

async function read(id: number, query: object = {}, as: Person = agent): Promise<Thread> {
  const { status, body } = await server.call('GET /api/openchannel/interactions/:id/thread', {
    as,
    params: { id },
    query,
  })
  expect(status).toBe(200)
  return body
}

test('a thread carries its interaction, its contact and its newest items in order', async () => {
  const id = await write('+1', 'one', {
    threadId: 'T1',
    externalUrl: 'https://example.com/1',
    firstName: 'Ada',
  })
  const thread = await read(id)
  expect(thread).toMatchObject({
    interaction: { id, preview: 'one' },
    threadId: 'T1',
    externalUrl: 'https://example.com/1',
    canReply: true,
    fileLimitBytes: server.ctx.config.attachmentLimitBytes,
    disposition: null,
    contact: { firstName: 'Ada', phone: '+1' },
    more: false,
  })
  expect(thread.seq).toBe(thread.interaction.seq)
  expect(thread.items.map(({ type, message }) => [type, message?.body])).toContainEqual(['message', 'one'])
})

test('pages before a seq join without a gap, and say when the beginning is reached', async () => {
  const id = await write('+2')
  for (let count = 0; count < 24; count++)
    await publish(db, { interactionId: id, type: 'changed', userId: agent.id })
  const all = (await read(id, { limit: 200 })).items
  const joined: Thread['items'] = []
  let more = true
  while (more) {
    const page = await read(id, { limit: 10, ...(joined[0] && { before: joined[0].seq }) })
    joined.unshift(...page.items)
    more = page.more
  }
  expect(joined).toEqual(all)
  expect(all.at(-1)?.user).toEqual({ id: agent.id, fullname: 'Anna Verdi' })
})

test('a page of a long thread reads about as many messages as it shows', async () => {
  const id = await write('+22')
  await sql`
    with changed as (update interaction set seq = seq + 3000 where id = ${id} returning *)
    insert into message (interaction_id, account_id, contact_id, seq, direction, body, status)
    select id, account_id, contact_id, changed.seq - n, 'in', 'more', 'received' from changed, generate_series(0, 2999) n`.execute(
    db,
  )
  await sql`analyze message, event`.execute(db)
  const read = async (from: RawBuilder<unknown>) => {
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain (analyze, costs off, timing off, summary off) select * from ${from} e`.execute(db)
    return Math.max(...rows.flatMap((row) => /rows=([\d.]+)/.exec(row['QUERY PLAN'])?.[1] ?? []).map(Number))
  }
  const newest = { places: sql`seq < 2000` }
  expect(await read(eventsOf(id, newest, sql`desc`, 20))).toBe(20)
  expect(
    await read(sql`(select * from interaction_log where interaction_id = ${id} order by at)`),
  ).toBeGreaterThan(3000)
})

test('a page folds status into its message; after a seq every event stands, with the status of now', async () => {
  const id = await write('+3')
  const sent = await answer(id)
  const before = await read(id)
  await db
    .updateTable('message')
    .set({ status: 'failed', status_reason: 'The server answered 410.' })
    .where('id', '=', sent.id)
    .execute()
  await publish(db, { interactionId: id, type: 'status', messageId: sent.id, data: { status: 'failed' } })
  const page = await read(id)
  expect(page.items.at(-1)?.message).toMatchObject({
    body: 'answer',
    status: 'failed',
    statusReason: 'The server answered 410.',
  })
  expect(page.items.map(({ type }) => type)).not.toContain('status')
  expect(page.interaction.failed).toBe(true)
  const delta = await read(id, { after: before.seq })
  expect(delta.items.map(({ seq }) => seq)).toEqual(
    Array.from({ length: page.seq - before.seq }, (_, n) => before.seq + 1 + n),
  )
  expect(delta.items.at(-1)).toMatchObject({
    type: 'status',
    status: { messageId: sent.id, status: 'failed', reason: 'The server answered 410.' },
  })
})

/** An answer that nobody delivers, so that its status is the test's alone. */
async function answer(interactionId: number): Promise<{ id: number }> {
  const { rows } = await sql<{ id: number }>`
    with next as materialized (select nextval(pg_get_serial_sequence('message', 'id')) as id)
    insert into message (id, interaction_id, account_id, contact_id, seq, direction, body, status, user_id)
    select next.id, i.id, i.account_id, i.contact_id, append_event(i.id, 'message', ${agent.id}, next.id, null),
           'out', 'answer', 'queued', ${agent.id}
    from interaction i, next where i.id = ${interactionId} returning id`.execute(db)
  const row = rows[0]
  if (!row) throw new Error('there is no such interaction')
  await db
    .updateTable('interaction')
    .set({ last_message_id: row.id, last_message_direction: 'out' })
    .where('id', '=', interactionId)
    .execute()
  return row
}

test('a file stands with its message, and says when it is gone', async () => {
  const id = await write('+4')
  const file = await db
    .insertInto('attachment')
    .values({
      name: 'invoice.pdf',
      type: 'application/pdf',
      size_bytes: 12,
      path: 'x',
      digest: Buffer.alloc(32),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await sql`update message set body = '', attachment_id = ${file.id} where interaction_id = ${id}`.execute(db)
  await sql`update interaction set last_message_preview = null where id = ${id}`.execute(db)
  const shown = async () => (await read(id)).items.flatMap(({ message }) => message?.file ?? [])
  expect(await shown()).toEqual([
    { id: file.id, name: 'invoice.pdf', type: 'application/pdf', sizeBytes: 12, gone: false },
  ])
  expect((await read(id)).interaction.preview).toBe('invoice.pdf')
  await db.updateTable('attachment').set({ removed_at: new Date() }).where('id', '=', file.id).execute()
  expect(await shown()).toMatchObject([{ gone: true }])
})

test('an account without a Reply URL cannot answer, and the thread says so', async () => {
  const mute = await server.makeAccount({ agents: [agent] })
  const { body } = await server.receive(mute, { from: '+5', mapKey: 'phone', body: 'x' })
  expect((await read(body.interaction?.id ?? 0)).canReply).toBe(false)
})

test('a thread of a foreign account is not there', async () => {
  const stranger = await server.makeUser()
  const id = await write('+6')
  for (const [as, asked] of [
    [stranger, id],
    [agent, 999_999],
  ] as const) {
    const { status, body } = await server.call('GET /api/openchannel/interactions/:id/thread', {
      as,
      params: { id: asked },
    })
    expect([status, body.code]).toEqual([404, 'GE-105'])
  }
  expect((await read(id, {}, server.admin)).interaction.id).toBe(id)
})
