import { expect, test } from 'vitest'
import { soon, startTraffic } from '../testing.ts'

const { centre, graph, bind, feed, reply, ctx } = await startTraffic()
const HOUR = 3600
const sentOf = (pageId: string) => graph.to(`/${pageId}/messages`)
const receipts = (pageId: string) =>
  centre
    .to('/receipts')
    .filter(({ query }) => query.get('token') === `t-${pageId}`)
    .map(({ body }) => body)
const failures = (pageId: string) => receipts(pageId).filter(({ status }) => status === 'failed')
const AS_PRIVATE = 'As a private message. Facebook takes only pictures and films in a comment.'
const refused = (code: number, error_subcode?: number) => ({
  status: 400,
  body: { error: { message: '(#1) words', code, ...(error_subcode && { error_subcode }) } },
})
const pdf = { body: Buffer.from('%PDF-1.7'), type: 'application/pdf' }

/** A post, and below it a comment of the same person for each age in hours. */
async function wall(...agesInHours: number[]) {
  const { id, pageId } = await bind()
  const post = `${pageId}_5`
  for (const [place, age] of agesInHours.entries())
    await feed(pageId, {
      item: 'comment',
      verb: 'add',
      post_id: post,
      parent_id: post,
      comment_id: `c${place}_${pageId}`,
      message: 'How much?',
      created_time: Math.floor(Date.now() / 1000) - age * HOUR,
    })
  const told = () => centre.to('/notify').filter(({ query }) => query.get('token') === `t-${pageId}`)
  await expect.poll(() => told().length, soon).toBe(agesInHours.length)
  const answer = (change: object = {}) =>
    reply(pageId, { Interaction: { id: 31, to: pageId, threadId: post }, ...change })
  const file = () =>
    answer({
      body: 'offer.pdf',
      AttachmentId: 7,
      attachment: { name: 'offer.pdf', type: 'application/pdf', url: `${centre.url}/signed/7` },
    })
  return { id, pageId, post, answer, file }
}

test('a file that no comment takes reaches the person in Messenger, as the reply to his latest comment, and nobody else', async () => {
  const { pageId, file } = await wall(20, 2)
  centre.answer = ({ path }) => (path === '/signed/7' ? pdf : undefined)
  await file()
  await expect.poll(() => sentOf(pageId), soon).toHaveLength(1)
  const form = sentOf(pageId)[0]?.raw.toString() ?? ''
  for (const part of [`{"comment_id":"c1_${pageId}"}`, 'filename="offer.pdf"', '%PDF-1.7', 'patchbay:'])
    expect(form).toContain(part)
  expect(graph.heard.filter(({ method, path }) => method === 'POST' && path.endsWith('/comments'))).toEqual(
    [],
  )
  centre.answer = () => undefined
})

test('the agent is told that an answer went in private and why, once, and nothing of one that went as a comment', async () => {
  const { id, pageId, answer, file } = await wall(2)
  centre.answer = ({ path }) => (path === '/signed/7' ? pdf : undefined)
  await answer({ body: 'In public' })
  await file()
  await expect.poll(() => receipts(pageId), soon).toMatchObject([{ status: 'sent', reason: AS_PRIVATE }])
  const told = receipts(pageId)[0]?.id
  const { rows } = await ctx.pool.query(
    `select content ->> 'id' as id from parcel where integration_id = $1 and direction = 'out' order by id`,
    [id],
  )
  expect([told]).toEqual([Number(rows[1].id)])
  centre.answer = () => undefined
})

test('a contact centre that knows no such receipt is told once and goes on', async () => {
  const { id, pageId, file } = await wall(2)
  centre.answer = ({ path, body }) => {
    if (path === '/signed/7') return pdf
    return body.status === 'sent'
      ? { status: 400, body: { code: 'OC-113', detail: 'status "sent" is none of delivered, read, failed.' } }
      : undefined
  }
  await file()
  const ended = async () =>
    (
      await ctx.pool.query(
        `select state from parcel where integration_id = $1 and content ->> 'type' = 'otherwise'`,
        [id],
      )
    ).rows.map(({ state }) => state)
  await expect.poll(ended, soon).toEqual(['done'])
  expect(receipts(pageId)).toHaveLength(1)
  centre.answer = () => undefined
})

test('each comment takes one private reply: the next goes to the comment before, and then the agent is told to wait', async () => {
  const { pageId, file } = await wall(20, 2)
  centre.answer = ({ path }) => (path === '/signed/7' ? pdf : undefined)
  for (let count = 1; count <= 3; count++) await file()
  await expect.poll(() => failures(pageId), soon).toHaveLength(1)
  expect(failures(pageId)[0]).toMatchObject({
    status: 'failed',
    reason:
      'Facebook takes only pictures and films in a comment. Each comment takes one private reply, and it was sent: the person has to write again first.',
  })
  expect(sentOf(pageId).map(({ raw }) => /"comment_id":"c(\d)/.exec(raw.toString())?.[1])).toEqual(['1', '0'])
  centre.answer = () => undefined
})

test('seven days after his last comment no private reply is tried, and the agent is told why', async () => {
  const { pageId, file } = await wall(24 * 7 + 1)
  await file()
  await expect
    .poll(() => failures(pageId), soon)
    .toMatchObject([{ reason: expect.stringContaining('only within 7 days') }])
  expect(sentOf(pageId)).toEqual([])
})

test('a removed comment is not answered in private', async () => {
  const { pageId, post, file } = await wall(1)
  await feed(pageId, { item: 'comment', verb: 'remove', post_id: post, comment_id: `c0_${pageId}` })
  const told = () =>
    centre.to('/events').some(({ query, body }) => query.get('token') === `t-${pageId}` && body.type)
  await expect.poll(told, soon).toBe(true)
  await file()
  await expect.poll(() => failures(pageId), soon).toHaveLength(1)
  expect(sentOf(pageId)).toEqual([])
})

test('a text that Facebook refuses as a comment goes in private, and one that is too long for that comes back with both reasons', async () => {
  const { pageId, answer } = await wall(1)
  graph.answer = ({ path, method }) =>
    method === 'POST' && path.endsWith('/comments') ? refused(100) : undefined
  await answer({ body: ' Ten euro ' })
  await expect
    .poll(() => sentOf(pageId).map(({ body }) => body), soon)
    .toMatchObject([{ recipient: { comment_id: `c0_${pageId}` }, message: { text: 'Ten euro' } }])
  const other = await wall(1)
  await other.answer({ body: 'word '.repeat(500) })
  await expect
    .poll(() => failures(other.pageId), soon)
    .toMatchObject([{ reason: expect.stringMatching(/could not make anything.*too long/) }])
  expect(sentOf(other.pageId)).toEqual([])
  graph.answer = () => undefined
})

test('a private reply that Facebook refuses comes back with the reason of both', async () => {
  const { pageId, answer } = await wall(1)
  graph.answer = ({ path, method }) => {
    if (method !== 'POST') return undefined
    return path.endsWith('/comments') ? refused(100) : refused(10903)
  }
  await answer()
  await expect
    .poll(() => failures(pageId), soon)
    .toMatchObject([
      { reason: expect.stringMatching(/could not make anything.*cannot be answered in private/) },
    ])
  expect(sentOf(pageId)).toHaveLength(1)
  graph.answer = () => undefined
})

for (const [name, code, texts] of [
  ['the same text twice in a row', 506, 'same text twice'],
  ['a page that is not connected any more', 190, 'reconnect'],
] as const)
  test(`${name} is no reason to answer in private`, async () => {
    const { pageId, answer } = await wall(1)
    graph.answer = ({ path, method }) =>
      method === 'POST' && path.endsWith('/comments') ? refused(code) : undefined
    await answer()
    await expect
      .poll(() => failures(pageId), soon)
      .toMatchObject([{ reason: expect.stringContaining(texts) }])
    expect(sentOf(pageId)).toEqual([])
    graph.answer = () => undefined
  })

test('when nobody knows whether a private reply went, it is asked for again, and Facebook’s "already sent" is its success', async () => {
  const { id, pageId, file } = await wall(1)
  let isCut = true
  graph.answer = ({ path }) => {
    if (!path.endsWith(`/${pageId}/messages`)) return undefined
    if (!isCut) return refused(10900)
    isCut = false
    return 'cut'
  }
  centre.answer = ({ path }) => (path === '/signed/7' ? pdf : undefined)
  await file()
  const done = async () =>
    (
      await ctx.pool.query(
        `select 1 from parcel where integration_id = $1 and direction = 'out' and state = 'done'`,
        [id],
      )
    ).rowCount
  await expect.poll(done, soon).toBe(1)
  expect(sentOf(pageId)).toHaveLength(2)
  expect(failures(pageId)).toEqual([])
  graph.answer = () => undefined
  centre.answer = () => undefined
})

test('a comment that was answered in private elsewhere is not taken for answered by us', async () => {
  const { pageId, file } = await wall(1)
  graph.answer = ({ path }) => (path.endsWith(`/${pageId}/messages`) ? refused(10900) : undefined)
  centre.answer = ({ path }) => (path === '/signed/7' ? pdf : undefined)
  await file()
  await expect
    .poll(() => failures(pageId), soon)
    .toMatchObject([{ reason: expect.stringContaining('was sent before') }])
  graph.answer = () => undefined
  centre.answer = () => undefined
})
