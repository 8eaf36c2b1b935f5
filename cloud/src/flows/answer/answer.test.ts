import { expect, test } from 'vitest'
import { channelOf } from '../channel-kinds.ts'
import { type Heard, soon, startTraffic } from '../testing.ts'
import { readPosted } from './read-answer.ts'

const { centre, graph, bind, messaging, feed, reply, ctx } = await startTraffic({
  FACEBOOK_HUMAN_AGENT: 'yes',
})
const sentOf = (pageId: string) => graph.to(`/${pageId}/messages`)
const failures = (pageId: string) =>
  centre
    .to('/receipts')
    .filter(({ query }) => query.get('token') === `t-${pageId}`)
    .map(({ body }) => body)
const error = (code: number, error_subcode?: number, more = {}) => ({
  status: 400,
  body: { error: { message: '(#1) words', code, ...(error_subcode && { error_subcode }), ...more } },
})
const hear = (pageId: string, hoursAgo: number) =>
  messaging(pageId, {
    timestamp: Date.now() - hoursAgo * 3_600_000,
    message: { mid: `m_in_${pageId}`, text: 'Hi' },
  })
const heard = (pageId: string) =>
  expect
    .poll(() => centre.to('/notify').some(({ query }) => query.get('token') === `t-${pageId}`), soon)
    .toBe(true)

test('an answer goes out as a message of the page, signed for and marked, and the same webhook-id sends nothing more', async () => {
  const { pageId } = await bind()
  const first = await reply(pageId, {}, { id: 'msg_same' })
  expect(first).toEqual({ status: 200, body: { id: expect.stringMatching(/^answer\.\d+$/) } })
  expect(await reply(pageId, {}, { id: 'msg_same' })).toEqual(first)
  await expect.poll(() => sentOf(pageId), soon).toHaveLength(1)
  await reply(pageId, { body: 'Second' })
  await expect
    .poll(() => sentOf(pageId).map(({ body }) => body), soon)
    .toMatchObject([
      {
        recipient: { id: '42' },
        messaging_type: 'RESPONSE',
        message: { text: 'Hello', metadata: expect.stringMatching(/^patchbay:\d+:0$/) },
      },
      { message: { text: 'Second' } },
    ])
  expect(sentOf(pageId)[0]?.headers.authorization).toBe(`Bearer token-of-${pageId}`)
})

test('an answer that no secret of its account verifies is refused, and the health says what to do', async () => {
  const { id, pageId } = await bind({ uid_digest: Buffer.alloc(32, 1) })
  expect(await reply(pageId)).toMatchObject({ status: 404, body: { code: 'CL-202' } })
  const other = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
  expect(await reply(pageId, {}, { signedBy: other })).toMatchObject({
    status: 401,
    body: { code: 'CL-201' },
  })
  expect(await reply(pageId, { OpenchannelAccountUid: 'nobody-knows-this' })).toMatchObject({ status: 401 })
  const { rows } = await ctx.pool.query(
    `select count(*)::int as n from integration where last_failure like '%wrong-secret%' and id <> $1`,
    [id],
  )
  expect(rows[0].n).toBeGreaterThan(0)
})

test('while the integration pauses, the contact centre is asked to keep its answers', async () => {
  const { pageId } = await bind({ state: 'paused' })
  expect(await reply(pageId)).toMatchObject({ status: 503, body: { code: 'CL-203' } })
})

const missing: [name: string, change: object][] = [
  ['somebody without a Facebook id', { Contact: { id: 5 } }],
  ['nothing', { body: ' ' }],
  ['a file without an address', { AttachmentId: 7, body: 'a.pdf', attachment: {} }],
  ['no number', { id: 'x' }],
]
for (const [name, change] of missing)
  test(`an answer to ${name} is refused at once`, async () => {
    const { pageId } = await bind()
    expect(await reply(pageId, { ...change })).toMatchObject({ status: 400, body: { code: 'CL-204' } })
  })

test('ids of people keep their digits, however many', () => {
  const posted = '{"id":1,"body":"x","Contact":{"facebook":184719329217930003},"agent":{"id":null}}'
  expect(readPosted(posted).answerFor(channelOf('facebook'))).toMatchObject({
    person: '184719329217930003',
    isPerson: false,
    threadId: null,
  })
})

test('a long answer goes out in pieces, in order, each after the one before', async () => {
  const { pageId } = await bind()
  const words = Array.from({ length: 1000 }, (_, n) => `w${n}`)
  await reply(pageId, { body: words.join(' ') })
  const texts = () => sentOf(pageId).map(({ body }) => (body.message as { text: string }).text)
  await expect.poll(() => texts().join(' ').split(' ').length, soon).toBe(words.length)
  expect(texts().join(' ').split(' ')).toEqual(words)
  expect(Math.max(...texts().map((text) => text.length))).toBeLessThan(2000)
})

test('a file is fetched from the contact centre and uploaded with its name and type', async () => {
  const { pageId } = await bind()
  centre.answer = ({ path }) =>
    path === '/signed/7' ? { body: Buffer.from('%PDF-1.7'), type: 'application/pdf' } : undefined
  await reply(pageId, {
    body: 'invoice.pdf',
    AttachmentId: 7,
    attachment: {
      id: 7,
      name: 'invoice.pdf',
      type: 'application/pdf',
      sizeBytes: 8,
      url: `${centre.url}/signed/7`,
    },
  })
  await expect.poll(() => sentOf(pageId), soon).toHaveLength(1)
  const form = sentOf(pageId)[0]?.raw.toString() ?? ''
  for (const part of [
    'name="recipient"\r\n\r\n{"id":"42"}',
    '"type":"file"',
    'name="filedata"; filename="invoice.pdf"\r\ncontent-type: application/pdf',
    '%PDF-1.7',
  ])
    expect(form).toContain(part)
  centre.answer = () => undefined
})

test('a file whose signed address has expired is fetched with the key', async () => {
  const { pageId } = await bind()
  centre.answer = ({ path, headers }) => {
    if (path === '/signed/8') return { status: 403 }
    return path === '/api/attachments/8/download' && headers.authorization === 'Bearer pbk_key'
      ? { body: Buffer.from('PNG'), type: 'image/png' }
      : undefined
  }
  await reply(pageId, {
    body: 'a.png',
    AttachmentId: 8,
    attachment: { name: 'a.png', type: 'image/png', url: `${centre.url}/signed/8` },
  })
  await expect
    .poll(() => sentOf(pageId).map(({ raw }) => raw.toString().includes('"type":"image"')), soon)
    .toEqual([true])
  centre.answer = () => undefined
})

test('after a day a person’s answer carries the tag, a program’s is not tried, and after seven days none is', async () => {
  const { pageId } = await bind()
  await hear(pageId, 30)
  await heard(pageId)
  await reply(pageId, { body: 'By a person' })
  await expect
    .poll(() => sentOf(pageId).map(({ body }) => body), soon)
    .toMatchObject([{ messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }])
  await reply(pageId, { body: 'By a program', agent: { id: null, name: 'auto' } })
  await expect
    .poll(() => failures(pageId), soon)
    .toMatchObject([{ status: 'failed', reason: expect.stringContaining('time for answers is over') }])
  const { pageId: older } = await bind()
  await hear(older, 200)
  await heard(older)
  await reply(older)
  await expect.poll(() => failures(older), soon).toHaveLength(1)
  expect(sentOf(older)).toEqual([])
  expect(sentOf(pageId)).toHaveLength(1)
})

test('when Facebook calls the window closed before we do, a person’s answer goes out by the tag', async () => {
  const { pageId } = await bind()
  graph.answer = ({ path, body }) =>
    path.endsWith(`/${pageId}/messages`) && body.messaging_type === 'RESPONSE'
      ? error(10, 2018278)
      : undefined
  await reply(pageId)
  await expect
    .poll(() => sentOf(pageId).map(({ body }) => body.tag), soon)
    .toEqual([undefined, 'HUMAN_AGENT'])
  graph.answer = () => undefined
})

const refusals: [name: string, code: number, subcode: number | undefined, words: string][] = [
  ['a person who has blocked the page', 551, 1545041, 'cannot receive messages'],
  ['something it cannot read', 100, undefined, 'could not make anything'],
  ['another program in the conversation', 10, 2018300, 'Another program'],
]
for (const [name, code, subcode, words] of refusals)
  test(`of ${name} the agent is told in words, and nothing is tried again`, async () => {
    const { pageId } = await bind()
    graph.answer = ({ path }) => (path.endsWith(`/${pageId}/messages`) ? error(code, subcode) : undefined)
    await reply(pageId)
    await expect
      .poll(() => failures(pageId), soon)
      .toMatchObject([{ status: 'failed', reason: expect.stringContaining(words) }])
    expect(sentOf(pageId)).toHaveLength(1)
    graph.answer = () => undefined
  })

test('a dead token stops the page, says so on the answer and in the health, and what follows waits', async () => {
  const { id, pageId } = await bind()
  graph.answer = ({ path }) => (path.endsWith(`/${pageId}/messages`) ? error(190, 460) : undefined)
  await reply(pageId)
  await expect
    .poll(() => failures(pageId), soon)
    .toMatchObject([{ reason: expect.stringContaining('reconnect') }])
  const state = async () =>
    (await ctx.pool.query('select state, state_reason from integration where id = $1', [id])).rows[0]
  expect(await state()).toMatchObject({
    state: 'reconnect',
    state_reason: expect.stringContaining('page-ended'),
  })
  await reply(pageId, { body: 'Later' })
  graph.answer = () => undefined
  await ctx.pool.query(`update integration set state = 'connected' where id = $1`, [id])
  await expect
    .poll(() => sentOf(pageId).map(({ body }) => (body.message as { text: string }).text), soon)
    .toEqual(['Hello', 'Later'])
})

test('a page at its limit waits as long as Facebook says, and its other conversations with it', async () => {
  const { id, pageId } = await bind()
  const headers = {
    'x-business-use-case-usage': JSON.stringify({
      [pageId]: [{ type: 'messenger', call_count: 100, estimated_time_to_regain_access: 12 }],
    }),
  }
  graph.answer = ({ path }) =>
    path.endsWith(`/${pageId}/messages`) ? { ...error(80006), headers } : undefined
  await reply(pageId)
  const heldMinutes = async () =>
    (
      await ctx.pool.query(
        `select extract(epoch from held_until - now()) / 60 as m from lane_end where integration_id = $1 and direction = 'out'`,
        [id],
      )
    ).rows[0]?.m
  await expect.poll(async () => Number(await heldMinutes()), soon).toBeGreaterThan(11)
  await reply(pageId, { Contact: { id: 6, facebook: '43' }, body: 'Other' })
  graph.answer = () => undefined
  await ctx.pool.query(`update lane_end set held_until = now() where integration_id = $1`, [id])
  await ctx.pool.query(`update lane set next_at = now() where integration_id = $1 and next_at > now()`, [id])
  await expect
    .poll(
      () =>
        sentOf(pageId)
          .slice(1)
          .map(({ body }) => (body.message as { text: string }).text)
          .sort(),
      soon,
    )
    .toEqual(['Hello', 'Other'])
})

test('a message that went out although the connection broke is found and not sent twice', async () => {
  const { pageId } = await bind()
  let isCut = true
  graph.answer = ({ path, method }: Heard) => {
    if (path.endsWith(`/${pageId}/messages`) && isCut) {
      isCut = false
      return 'cut'
    }
    const messages = {
      data: [
        { id: 'm_found', message: 'Hello', from: { id: pageId }, created_time: new Date().toISOString() },
      ],
    }
    return method === 'GET' && path.endsWith('/conversations')
      ? { body: { data: [{ id: 't_1', messages }] } }
      : undefined
  }
  await reply(pageId)
  const known = async () =>
    (await ctx.pool.query(`select message_id from sent where message_id = 'm_found'`)).rowCount
  await expect.poll(known, soon).toBe(1)
  expect(sentOf(pageId)).toHaveLength(1)
  graph.answer = () => undefined
})

test('a public comment is looked for before it is tried again, and sent again when it is not there', async () => {
  for (const isThere of [true, false]) {
    const { id, pageId } = await bind()
    const post = `${pageId}_5`
    let isCut = true
    graph.answer = ({ path, method }) => {
      if (!path.includes(post)) return undefined
      if (method === 'POST' && isCut) {
        isCut = false
        return 'cut'
      }
      const comment = {
        id: `c_${pageId}`,
        from: { id: pageId },
        message: 'Hello',
        created_time: new Date().toISOString(),
      }
      return method === 'GET' ? { body: { data: isThere ? [comment] : [] } } : undefined
    }
    await reply(pageId, { Interaction: { id: 31, to: pageId, threadId: post } })
    const settled = async () =>
      (
        await ctx.pool.query(
          `select 1 from parcel where integration_id = $1 and state = 'done' and direction = 'out'`,
          [id],
        )
      ).rowCount
    await expect.poll(settled, soon).toBe(1)
    expect(
      graph.heard.filter(({ path, method }) => method === 'POST' && path.endsWith(`/${post}/comments`)),
    ).toHaveLength(isThere ? 1 : 2)
    graph.answer = () => undefined
  }
})

test('on the wall an answer stands below the comment that the person wrote last, else below the post, and pictures go along', async () => {
  const { pageId } = await bind()
  const post = `${pageId}_6`
  const Interaction = { id: 31, to: pageId, threadId: post }
  const comments = (target: string) =>
    graph.heard.filter(({ path, method }) => method === 'POST' && path.endsWith(`/${target}/comments`))
  await reply(pageId, { Interaction, body: 'To the post' })
  await expect.poll(() => comments(post).map(({ body }) => body), soon).toEqual([{ message: 'To the post' }])
  await feed(pageId, {
    item: 'comment',
    verb: 'add',
    post_id: post,
    parent_id: `6_${pageId}`,
    comment_id: `7_${pageId}`,
    message: 'x',
  })
  await heard(pageId)
  await reply(pageId, { Interaction, body: 'To the root' })
  await expect
    .poll(() => comments(`6_${pageId}`).map(({ body }) => body), soon)
    .toEqual([{ message: 'To the root' }])
  centre.answer = ({ path }) =>
    path === '/signed/9' ? { body: Buffer.from('PNG'), type: 'image/png' } : undefined
  await reply(pageId, {
    Interaction,
    body: 'a.png',
    AttachmentId: 9,
    attachment: { name: 'a.png', type: 'image/png', url: `${centre.url}/signed/9` },
  })
  await expect.poll(() => comments(`6_${pageId}`).length, soon).toBe(2)
  expect(comments(`6_${pageId}`)[1]?.raw.toString()).toContain(
    'name="source"; filename="a.png"\r\ncontent-type: image/png',
  )
  centre.answer = () => undefined
})

test('delivery and reading reach the answer’s bubble once, and a reaction to it names the answer', async () => {
  const { pageId } = await bind()
  const { body } = await reply(pageId, { id: 4711 })
  await expect.poll(() => sentOf(pageId), soon).toHaveLength(1)
  const mid = async () =>
    (await ctx.pool.query(`select message_id from sent where answer_id = 4711 and message_id is not null`))
      .rows[0]?.message_id
  await expect.poll(mid, soon).toBeTruthy()
  await messaging(pageId, { delivery: { watermark: Date.now() - 60_000, mids: [await mid()] } })
  const watermark = Date.now() + 1
  await messaging(pageId, { timestamp: watermark, read: { watermark } })
  await messaging(pageId, {
    timestamp: watermark + 1,
    reaction: { mid: await mid(), action: 'react', emoji: '👍' },
  })
  const events = () =>
    centre
      .to('/events')
      .filter(({ query, body }) => query.get('token') === `t-${pageId}` && body.type === 'message.reacted')
  await expect.poll(events, soon).toHaveLength(1)
  expect(events()[0]?.body).toMatchObject({ messageId: body.id, from: '42' })
  expect(failures(pageId)).toEqual([
    { id: 4711, status: 'delivered' },
    { id: 4711, status: 'read' },
  ])
})

test('a page whose limit an answer reports as used up waits before it is refused', async () => {
  const { id, pageId } = await bind()
  const usage = { type: 'messenger', call_count: 100, estimated_time_to_regain_access: 3 }
  const headers = { 'x-business-use-case-usage': JSON.stringify({ [pageId]: [usage] }) }
  graph.answer = ({ path }) =>
    path.endsWith(`/${pageId}/messages`) ? { body: { message_id: `m_used_${pageId}` }, headers } : undefined
  await reply(pageId)
  const held = async () =>
    (
      await ctx.pool.query(
        `select held_until > now() + interval '1 minute' as held from lane_end where integration_id = $1 and direction = 'out'`,
        [id],
      )
    ).rows[0]?.held
  await expect.poll(held, soon).toBe(true)
  const done = async () =>
    (await ctx.pool.query(`select 1 from parcel where integration_id = $1 and state = 'done'`, [id])).rowCount
  await expect.poll(done, soon).toBe(1)
  expect(await held()).toBe(true)
  graph.answer = () => undefined
})
