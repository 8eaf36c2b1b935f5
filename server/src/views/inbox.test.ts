import type { InboxRow, View } from '@patchbay/protocol/api/interactions.ts'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { type Person, startTestServer, type TestAccount } from '../testing.ts'

const server = await startTestServer()
const { db } = server.ctx
let agent: Person
let colleague: Person
let account: TestAccount
let second: TestAccount
let foreign: TestAccount

beforeAll(async () => {
  agent = await server.makeUser('agent', { fullname: 'Anna' })
  colleague = await server.makeUser('agent', { fullname: 'Luca' })
  account = await server.makeAccount({ name: 'Shop', agents: [agent, colleague] })
  second = await server.makeAccount({ name: 'Hotline', agents: [agent] })
  foreign = await server.makeAccount({ agents: [colleague] })
})

async function write(to: TestAccount, from: string, fields: object = {}): Promise<number> {
  const { body, status } = await server.receive(to, {
    from,
    mapKey: 'phone',
    body: `from ${from}`,
    ...fields,
  })
  expect(status).toBe(200)
  return body.interaction?.id ?? 0
}

type InboxQuery = Record<string, unknown> & { view: View }
async function list(query: InboxQuery, as: Person = agent): Promise<InboxRow[]> {
  const { status, body } = await server.call('GET /api/openchannel/inbox', { as, query })
  expect(status).toBe(200)
  return body.rows
}
const idsOf = (rows: readonly InboxRow[]): number[] => rows.map(({ id }) => id)

async function pages(query: InboxQuery, as: Person = agent): Promise<number[][]> {
  const all: number[][] = []
  let cursor: string | null = null
  do {
    const { body }: { body: { rows: InboxRow[]; cursor: string | null } } = await server.call(
      'GET /api/openchannel/inbox',
      { as, query: { ...query, ...(cursor !== null && { cursor }) } },
    )
    all.push(idsOf(body.rows))
    cursor = body.cursor
  } while (cursor !== null)
  return all
}

test('each open interaction stands in one view of each person who may see it, and in none of others', async () => {
  const [mine, waiting, colleagues, closed, hidden] = [
    await write(account, 'mine'),
    await write(account, 'waiting'),
    await write(account, 'colleagues'),
    await write(second, 'closed'),
    await write(foreign, 'hidden'),
  ]
  const act = (id: number, verb: 'accept' | 'close', as: Person) =>
    server.call(`POST /api/openchannel/interactions/:id/${verb}`, { as, params: { id }, body: {} })
  await act(mine, 'accept', agent)
  await act(colleagues, 'accept', colleague)
  await act(closed, 'close', agent)
  const standsIn = async (person: Person): Promise<Record<number, View[]>> => {
    const found: Record<number, View[]> = {}
    for (const view of ['mine', 'waiting', 'team', 'closed'] as const)
      for (const { id } of await list({ view }, person)) found[id] = [...(found[id] ?? []), view]
    return found
  }
  expect(await standsIn(agent)).toEqual({
    [mine]: ['mine'],
    [waiting]: ['waiting'],
    [colleagues]: ['team'],
    [closed]: ['closed'],
  })
  expect(await standsIn(colleague)).toEqual({
    [mine]: ['team'],
    [waiting]: ['waiting'],
    [colleagues]: ['mine'],
    [hidden]: ['waiting'],
  })
  expect(Object.keys(await standsIn(server.admin))).toHaveLength(5)
  const { body } = await server.call('GET /api/openchannel/inbox', { as: agent, query: { view: 'mine' } })
  expect(body.counts).toEqual({ mine: 1, waiting: 1, team: 1 })
})

test('a row carries names, tags, the newest words and how many were not read', async () => {
  const id = await write(account, '+39 055', { firstName: 'Giulia', lastName: 'Ferri' })
  await write(account, '+39 055', { body: 'My parcel is lost' })
  const tag = await server.call('POST /api/tags', { body: { name: 'vip', color: 'accent' } })
  await server.call('POST /api/openchannel/interactions/:id/tags', {
    params: { id },
    body: { ids: [tag.body.id] },
  })
  const row = (await list({ view: 'waiting' })).find((one) => one.id === id)
  expect(row).toMatchObject({
    account: { id: account.id, name: 'Shop' },
    contact: { name: 'Giulia Ferri' },
    state: 'new',
    user: null,
    queue: null,
    preview: 'My parcel is lost',
    lastDirection: 'in',
    unread: 2,
    tags: [{ id: tag.body.id, name: 'vip', color: 'accent' }],
    failed: false,
    closedAt: null,
  })
})

test('a contact without a name is called by what identifies it', async () => {
  const id = await write(account, '+39 077')
  await sql`update contact set first_name = ' ', last_name = null from interaction i
            where i.id = ${id} and contact.id = i.contact_id`.execute(db)
  const find = async (): Promise<InboxRow | undefined> =>
    (await list({ view: 'waiting' })).find((one) => one.id === id)
  expect((await find())?.contact.name).toBe('+39 077')
  await sql`delete from contact_key k using interaction i
            where i.id = ${id} and k.contact_id = i.contact_id`.execute(db)
  expect((await find())?.contact.name).toMatch(/^#\d+$/)
})

test('pages follow each other without a gap or a repetition, also among equal instants, in both directions', async () => {
  const busy = await server.makeAccount({ agents: [agent] })
  const other = await server.makeAccount({ agents: [agent] })
  await sql`
    insert into interaction (account_id, contact_id, waiting_since)
    select case when n % 3 = 0 then ${other.id}::bigint else ${busy.id}::bigint end, 5000000 + n,
           timestamptz '2026-01-01' + (n / 5) * interval '1 microsecond'
    from generate_series(1, 60) n`.execute(db)
  const only = new Set(
    (
      await db.selectFrom('interaction').select('id').where('account_id', 'in', [busy.id, other.id]).execute()
    ).map(({ id }) => id),
  )
  const ours = (ids: number[][]): number[] => ids.flat().filter((id) => only.has(id))
  const whole = ours(await pages({ view: 'waiting', limit: 200 }))
  expect(whole).toEqual([...only].sort((a, b) => a - b))
  expect(ours(await pages({ view: 'waiting', limit: 7 }))).toEqual(whole)
  expect(ours(await pages({ view: 'waiting', sort: 'newest', limit: 7 }))).toEqual(whole.toReversed())
  expect((await pages({ view: 'waiting', limit: 7, accountId: busy.id })).flat()).toEqual(
    idsOf((await list({ view: 'waiting', limit: 200, accountId: busy.id })) ?? []),
  )
})

test('a page of a rare filter may be empty and still lead on to what it looks for', async () => {
  const archive = await server.makeAccount({ agents: [agent] })
  await sql`
    insert into interaction (account_id, contact_id, state, closed_at, queue_id)
    select ${archive.id}, 6000000 + n, 'closed', timestamptz '2026-01-01' + n * interval '1 second',
           case when n = 1 then 77 end
    from generate_series(1, 4100) n`.execute(db)
  const found = await pages({ view: 'closed', queueId: 77 })
  expect(found.map((page) => page.length)).toEqual([0, 0, 1])
})

test('filters leave what they name', async () => {
  const place = await server.makeAccount({ agents: [agent] })
  const [tagged, read, plain] = [await write(place, 'f1'), await write(place, 'f2'), await write(place, 'f3')]
  const tag = await server.call('POST /api/tags', { body: { name: 'filter' } })
  await server.call('POST /api/openchannel/interactions/:id/tags', {
    params: { id: tagged },
    body: { ids: [tag.body.id] },
  })
  await db.updateTable('interaction').set({ unread: 0 }).where('id', '=', read).execute()
  await db.updateTable('interaction').set({ queue_id: 99 }).where('id', '=', plain).execute()
  const accountId = place.id
  expect(idsOf(await list({ view: 'waiting', accountId, tagId: tag.body.id }))).toEqual([tagged])
  expect(idsOf(await list({ view: 'waiting', accountId, unread: true }))).toEqual([tagged, plain])
  expect(idsOf(await list({ view: 'waiting', accountId, unread: false }))).toEqual([read])
  expect(idsOf(await list({ view: 'waiting', accountId, queueId: 99 }))).toEqual([plain])
  expect(await list({ view: 'waiting', accountId: foreign.id })).toEqual([])
})

test('search finds by the start of a name or a whole identifying value, among what the person may see', async () => {
  const id = await write(account, 'Zoe.Zander@Example.com', {
    mapKey: 'email',
    firstName: 'Zoë',
    lastName: 'Zander',
  })
  await write(foreign, 'zoe2@example.com', { mapKey: 'email', firstName: 'Zoë', lastName: 'Foreign' })
  const search = async (text: string): Promise<number[]> =>
    idsOf(await list({ view: 'waiting', search: text }))
  for (const text of ['zoë', 'Zoë Zan', 'zander', 'zoe.zander@example.COM', ' Zander '])
    expect([text, await search(text)]).toEqual([text, [id]])
  for (const text of ['oë', 'zoe.zander', '%', 'zoë_', '\\'])
    expect([text, await search(text)]).toEqual([text, []])
})

test('a cursor that no list answered is refused, not obeyed', async () => {
  for (const cursor of [
    'x',
    Buffer.from('["a",1]').toString('base64url'),
    Buffer.from('[1e300,1]').toString('base64url'),
  ]) {
    const { status, body } = await server.call('GET /api/openchannel/inbox', {
      as: agent,
      query: { view: 'closed', cursor },
    })
    expect([status, body.code]).toEqual([400, 'GE-101'])
  }
  const far = Buffer.from(`[${Number.MAX_SAFE_INTEGER},1]`).toString('base64url')
  expect(await list({ view: 'waiting', cursor: far })).toEqual([])
})
