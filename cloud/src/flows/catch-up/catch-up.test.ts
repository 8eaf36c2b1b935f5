import { addChore } from '@patchbay/kit/chores.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { expect, test } from 'vitest'
import { type Heard, soon, startTraffic } from '../testing.ts'

const { centre, graph, bind, messaging, ctx } = await startTraffic()
const at = new Date(Date.now() - 60_000).toISOString()
const told = (end: string, pageId: string) =>
  centre
    .to(end)
    .filter(({ query }) => query.get('token') === `t-${pageId}`)
    .map(({ body }) => body)

const answers =
  (pageId: string) =>
  ({ path }: Heard) => {
    if (path.endsWith(`/${pageId}/conversations`)) {
      const person = { id: '42', name: 'Jane Example' }
      const page = { id: pageId }
      const messages = [
        { id: 'm_b', message: 'Missed', from: person, to: { data: [page] }, created_time: at },
        { id: 'm_inbox', message: 'From the inbox', from: page, to: { data: [person] }, created_time: at },
        { id: 'm_a', message: 'Told', from: person, to: { data: [page] }, created_time: at },
        {
          id: 'm_old',
          message: 'Long ago',
          from: person,
          to: { data: [page] },
          created_time: '2020-01-01T00:00:00+0000',
        },
      ]
      return { body: { data: [{ id: 't_1', updated_time: at, messages: { data: messages } }] } }
    }
    if (path.endsWith(`/${pageId}/feed`)) {
      const post = `${pageId}_1`
      const person = { id: '43', name: 'Tom Visitor' }
      const comments = { data: [{ id: '1_9', message: 'A comment', from: person, created_time: at }] }
      const mine = {
        id: `${pageId}_2`,
        message: 'Ours',
        from: { id: pageId },
        created_time: at,
        is_published: true,
      }
      return {
        body: {
          data: [
            { ...mine, comments },
            { id: post, message: 'A post', from: person, created_time: at, is_published: true },
          ],
        },
      }
    }
    return undefined
  }

test('what Meta told in vain is read after an outage, once, and nothing from before the page was connected', async () => {
  const { id, pageId } = await bind()
  await messaging(pageId, { message: { mid: 'm_a', text: 'Told' } })
  await ctx.pool.query(`insert into catch_up (integration_id, until) values ($1, now() - interval '1 day')`, [
    id,
  ])
  graph.answer = answers(pageId)
  const read = async () => {
    await transaction(ctx.db, (tx) => addChore(tx, 'catch-up', {}))
    await expect
      .poll(
        async () =>
          (
            await ctx.pool.query(
              `select 1 from catch_up where integration_id = $1 and until > now() - interval '1 hour'`,
              [id],
            )
          ).rowCount,
        soon,
      )
      .toBe(1)
  }
  await read()
  const bodies = () =>
    told('/notify', pageId)
      .map(({ body, threadId }) => [body, threadId ?? null])
      .sort()
  const all = [
    ['A comment', `${pageId}_2`],
    ['A post', `${pageId}_1`],
    ['Missed', null],
    ['Told', null],
  ]
  await expect.poll(bodies, soon).toEqual(all)
  await expect
    .poll(() => told('/events', pageId).filter(({ type }) => type === 'message.sent'), soon)
    .toMatchObject([{ messageId: 'm_inbox' }])
  await ctx.pool.query(`update catch_up set until = now() - interval '1 day' where integration_id = $1`, [id])
  await read()
  await messaging(pageId, { message: { mid: 'm_last', text: 'Last' } })
  await expect.poll(bodies, soon).toEqual([...all.slice(0, 2), ['Last', null], ...all.slice(2)])
  graph.answer = () => undefined
})
