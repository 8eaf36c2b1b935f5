import { expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, ctx } = server
const agent = await server.makeUser('agent')
const mine = await server.makeAccount({ agents: [agent] })
const other = await server.makeAccount()
const tag = await ctx.db.insertInto('tag').values({ name: 'late' }).returning('id').executeTakeFirstOrThrow()

// Days 1 to 12 of January: the even ones on the agent's account, every third closed, two at the same instant.
const ids: number[] = []
for (let day = 1; day <= 12; day++) {
  const { id } = await ctx.db
    .insertInto('interaction')
    .values({
      account_id: day % 2 === 0 ? mine.id : other.id,
      contact_id: day,
      created_at: `2026-01-${String(day === 8 ? 6 : day).padStart(2, '0')}T00:00:00.000001Z`,
      unread: day === 4 ? 3 : 0,
      ...(day % 3 === 0 && { state: 'closed', closed_at: '2026-02-01T00:00:00Z' }),
      ...(day === 2 && { state: 'assigned', user_id: agent.id }),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  ids.push(id)
}
await ctx.db
  .insertInto('interaction_tag')
  .values({ interaction_id: ids[9] ?? 0, tag_id: tag.id })
  .execute()

const days = (rows: { ContactId: number }[]) => rows.map((row) => row.ContactId)
async function list(query: object, as?: typeof agent) {
  const { status, body } = await call('GET /api/openchannel/interactions', { query, ...(as && { as }) })
  expect(status).toBe(200)
  return { ...body, days: days(body.rows) }
}

test.each<[string, object, number[]]>([
  ['all, newest first', {}, [12, 10, 8, 6, 4, 2]],
  ['oldest first', { order: 'asc' }, [2, 4, 6, 8, 10, 12]],
  ['open ones', { closed: false }, [10, 8, 4, 2]],
  ['closed ones', { closed: true }, [12, 6]],
  ['by state', { state: 'assigned' }, [2]],
  ['by agent', { UserId: agent.id }, [2]],
  ['open ones of an agent', { UserId: agent.id, closed: false }, [2]],
  ['by contact', { ContactId: 8 }, [8]],
  ['by a contact of another account', { ContactId: 7 }, []],
  ['by account', { OpenchannelAccountId: mine.id }, [12, 10, 8, 6, 4, 2]],
  ['by an account that the caller does not see', { OpenchannelAccountId: other.id }, []],
  ['by tag', { tag: tag.id }, [10]],
  ['unread ones', { unread: true }, [4]],
  [
    'between instants, as JSON',
    { createdAt: '{"$gte":"2026-01-04T00:00:00Z","$lte":"2026-01-06T12:00:00Z"}' },
    [8, 6, 4],
  ],
  ['from an instant, flattened', { 'createdAt[$gte]': '2026-01-10T00:00:00Z' }, [12, 10]],
  ['to an instant, flattened', { 'createdAt[$lte]': '2026-01-02T12:00:00Z' }, [2]],
])('an agent lists %s', async (_, query, expected) => {
  const answer = await list(query, agent)
  expect(answer.days).toEqual(expected)
  expect(answer.count).toBe(expected.length)
})

test('an admin lists the interactions of every account', async () => {
  expect((await list({})).days).toEqual([12, 11, 10, 9, 7, 8, 6, 5, 4, 3, 2, 1])
})

test.each(['asc', 'desc'])(
  'pages by cursor hold every row once, also where instants are equal (%s)',
  async (order) => {
    const seen: number[] = []
    let cursor: string | null | undefined
    do {
      const page = await list({ order, limit: 5, ...(cursor && { cursor }) })
      expect(page.count).toBe(12)
      seen.push(...page.days)
      cursor = page.cursor
    } while (cursor)
    expect(seen).toEqual((await list({ order, limit: 200 })).days)
  },
)

test('pages by offset go on where the one before ended', async () => {
  expect((await list({ limit: 2, offset: 3 }, agent)).days).toEqual([6, 4])
})

test.each(['yesterday', '[1]', '{"$gte":"soon"}', '{"$gte":{}}', '{"$gt":"2026-01-04T00:00:00Z"}'])(
  'createdAt=%s is refused with its field',
  async (createdAt) => {
    const answer = await call('GET /api/openchannel/interactions', { query: { createdAt } })
    expect(answer).toMatchObject({ status: 400, body: { code: 'GE-101', field: 'createdAt' } })
  },
)

test('beyond ten thousand the count says that there are at least so many', async () => {
  const many = await server.makeAccount()
  await ctx.pool.query(
    'insert into interaction (account_id, contact_id) select $1, n from generate_series(1, 10001) n',
    [many.id],
  )
  const answer = await list({ OpenchannelAccountId: many.id, limit: 1 })
  expect(answer).toMatchObject({ count: 10_000, countIsAtLeast: true })
})
