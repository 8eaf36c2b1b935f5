import { addChore } from '@patchbay/kit/chores.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { expect, test } from 'vitest'
import { wordsOf } from '../../texts/say.ts'
import { type Answering, type Heard, soon, startTraffic } from '../testing.ts'

const { centre, graph, bind, messaging, feed, ctx } = await startTraffic()
const MINUTE_MS = 60_000
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString()
const person = { id: '42', name: 'Jane Example' }
const told = (end: string, pageId: string) =>
  centre
    .to(end)
    .filter(({ query }) => query.get('token') === `t-${pageId}`)
    .map(({ body }) => body)
const refused = (code: number, error_subcode?: number) => ({
  status: 400,
  body: { error: { message: '(#1) words', code, ...(error_subcode && { error_subcode }) } },
})

/** A page that nobody has heard of for a day. */
async function away() {
  const { id, pageId } = await bind()
  await ctx.pool.query(`insert into catch_up (integration_id, until) values ($1, now() - interval '1 day')`, [
    id,
  ])
  return { id, pageId, caughtUp: () => caughtUp(id) }
}

async function caughtUp(id: number) {
  await transaction(ctx.db, (tx) => addChore(tx, 'catch-up', {}))
  const isOver = async () =>
    (
      await ctx.pool.query(
        `select 1 from catch_up where integration_id = $1 and until > now() - interval '1 hour'`,
        [id],
      )
    ).rowCount
  await expect.poll(isOver, soon).toBe(1)
}

const messageOf = (pageId: string, number: number) => ({
  id: `m_${pageId}_${number}`,
  message: `Message ${number}`,
  from: person,
  to: { data: [{ id: pageId }] },
  created_time: ago(number),
})

/** Newest first, from `start` on, and the cursor of what follows. */
function cut<T>(rows: T[], start: number, count: number) {
  const next = start + count
  const cursors = { before: String(start), after: String(next) }
  return {
    data: rows.slice(start, next),
    paging: { cursors, ...(next < rows.length && { next: `https://elsewhere.example/?after=${next}` }) },
  }
}

const startOf = ({ query }: Heard): number => Number(query.get('after') ?? 0)

test('a conversation of fifty missed messages is read back to its first, page after page', async () => {
  const { pageId, caughtUp } = await away()
  const messages = Array.from({ length: 50 }, (_, number) => messageOf(pageId, number + 1))
  graph.answer = (heard) => {
    if (heard.path.endsWith(`/${pageId}/conversations`))
      return { body: { data: [{ id: 't_1', updated_time: ago(1), messages: cut(messages, 0, 20) }] } }
    return heard.path.endsWith('/t_1/messages') ? { body: cut(messages, startOf(heard), 20) } : undefined
  }
  await caughtUp()
  await expect.poll(() => told('/notify', pageId).length, soon).toBe(50)
  expect(told('/notify', pageId).map(({ body }) => body)).toEqual(
    messages.toReversed().map(({ message }) => message),
  )
  graph.answer = () => undefined
})

test('where Facebook gives out no more than the last twenty, the thread says that earlier ones are missing, unless they were told', async () => {
  for (const isTold of [false, true]) {
    const { pageId, caughtUp } = await away()
    const messages = Array.from({ length: 30 }, (_, number) => messageOf(pageId, number + 1))
    if (isTold)
      for (const { id, message } of messages)
        await messaging(pageId, {
          timestamp: Date.now() - 20 * MINUTE_MS,
          message: { mid: id, text: message },
        })
    graph.answer = (heard) => {
      if (heard.path.endsWith(`/${pageId}/conversations`))
        return { body: { data: [{ id: 't_2', updated_time: ago(1), messages: cut(messages, 0, 20) }] } }
      return heard.path.endsWith('/t_2/messages') ? refused(9000001) : undefined
    }
    await caughtUp()
    await expect.poll(() => told('/notify', pageId).length, soon).toBe(isTold ? 30 : 21)
    const said = told('/notify', pageId).map(({ body }) => String(body))
    expect(said.filter((body) => body.startsWith('(Earlier messages were missed'))).toHaveLength(
      isTold ? 0 : 1,
    )
    if (!isTold) expect(said[0]).toMatch('Earlier messages were missed')
    graph.answer = () => undefined
  }
})

test('the feed is paged back, and a post’s comments beyond the first fifty are read', async () => {
  const { pageId, caughtUp } = await away()
  const posts = Array.from({ length: 30 }, (_, number) => ({
    id: `${pageId}_${number}`,
    message: `Post ${number}`,
    from: person,
    created_time: ago(number + 1),
  }))
  const comments = Array.from({ length: 60 }, (_, number) => ({
    id: `0_${pageId}${number}`,
    message: `Comment ${number}`,
    from: person,
    created_time: ago(number + 1),
  }))
  graph.answer = (heard) => {
    if (heard.path.endsWith(`/${pageId}/feed`)) {
      const { data, paging } = cut(posts, startOf(heard), 20)
      const rows = data.map((post) =>
        post === posts[0] ? { ...post, comments: cut(comments, 0, 50) } : post,
      )
      return { body: { data: rows, paging } }
    }
    const isMore = heard.method === 'GET' && heard.path.endsWith(`/${pageId}_0/comments`)
    return isMore ? { body: cut(comments, startOf(heard), 100) } : undefined
  }
  await caughtUp()
  await expect.poll(() => told('/notify', pageId).length, soon).toBe(90)
  graph.answer = () => undefined
})

test('when there is more than the bound, the health of the integration says what was not read', async () => {
  const { id, pageId, caughtUp } = await away()
  const posts = Array.from({ length: 600 }, (_, number) => ({
    id: `${pageId}_${number}`,
    message: 'Ours',
    from: { id: pageId },
    created_time: ago(number),
  }))
  graph.answer = (heard) =>
    heard.path.endsWith(`/${pageId}/feed`) ? { body: cut(posts, startOf(heard), 50) } : undefined
  await caughtUp()
  const { rows } = await ctx.pool.query('select last_failure from integration where id = $1', [id])
  expect(wordsOf(rows[0].last_failure, 'en')).toContain('posts before the last 500')
  graph.answer = () => undefined
})

/** A post and two comments that were told while all was well. */
async function tell(pageId: string) {
  const post = `${pageId}_1`
  const comment = (name: string) => ({
    item: 'comment',
    verb: 'add',
    post_id: post,
    parent_id: post,
    comment_id: name + pageId,
    message: 'As written',
  })
  await feed(pageId, { item: 'post', verb: 'add', post_id: post, message: 'A post' })
  await feed(pageId, comment('edited_'))
  await feed(pageId, comment('removed_'))
  await expect.poll(() => told('/notify', pageId).length, soon).toBe(3)
  return post
}

const wallOf =
  (pageId: string, post: string, scopes: string[]): Answering =>
  ({ path }) => {
    const created_time = ago(1)
    const comments = [{ id: `edited_${pageId}`, message: 'As edited', from: person, created_time }]
    const data = [{ id: post, message: 'A post', from: person, created_time, comments: { data: comments } }]
    if (path.endsWith(`/${pageId}/feed`)) return { body: { data } }
    if (path.endsWith('/debug_token')) return { body: { data: { is_valid: true, scopes } } }
    return path.endsWith(`/removed_${pageId}`) ? refused(100, 33) : undefined
  }

const allScopes = [
  'pages_show_list',
  'pages_manage_metadata',
  'pages_messaging',
  'pages_read_engagement',
  'pages_read_user_content',
  'pages_manage_engagement',
]

test('edits and removals on the wall that nobody told are brought, each once', async () => {
  const { id, pageId, caughtUp } = await away()
  const post = await tell(pageId)
  graph.answer = wallOf(pageId, post, allScopes)
  const told2 = () => told('/events', pageId).map(({ type, messageId, data }) => [type, messageId, data])
  for (let count = 0; count < 2; count++) {
    await caughtUp()
    await expect.poll(() => told2().length, soon).toBe(2)
    expect(told2().sort()).toEqual([
      ['message.deleted', `removed_${pageId}`, {}],
      ['message.edited', `edited_${pageId}`, { body: 'As edited' }],
    ])
    await ctx.pool.query(`update catch_up set until = now() - interval '1 day' where integration_id = $1`, [
      id,
    ])
  }
  await caughtUp()
  // What stands behind them in the lane shows that there was no third.
  await feed(pageId, {
    item: 'comment',
    verb: 'edited',
    post_id: post,
    comment_id: `edited_${pageId}`,
    message: 'Last',
  })
  await expect.poll(() => told2().at(-1)?.[2], soon).toEqual({ body: 'Last' })
  expect(told2()).toHaveLength(3)
  graph.answer = () => undefined
})

test('what a lost permission hides is not taken for removed', async () => {
  const { id, pageId, caughtUp } = await away()
  const post = await tell(pageId)
  graph.answer = wallOf(
    pageId,
    post,
    allScopes.filter((scope) => scope !== 'pages_read_user_content'),
  )
  await caughtUp()
  await expect.poll(() => told('/events', pageId).length, soon).toBe(1)
  expect(told('/events', pageId)).toMatchObject([{ type: 'message.edited' }])
  const { rows } = await ctx.pool.query('select last_failure from integration where id = $1', [id])
  expect(wordsOf(rows[0].last_failure, 'it')).toContain('manca un’autorizzazione')
  graph.answer = () => undefined
})
