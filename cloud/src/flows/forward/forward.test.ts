import { expect, test } from 'vitest'
import { soon, startTraffic } from '../testing.ts'

const { centre, graph, bind, messaging, feed, webhook, reply, ctx } = await startTraffic()
const told = (end: string, pageId: string) =>
  centre.to(end).filter(({ query }) => query.get('token') === `t-${pageId}`)
const bodies = (end: string, pageId: string) => told(end, pageId).map(({ body }) => body)

test('a customer’s message reaches the contact centre with his name, the page and Meta’s id, and opens the window', async () => {
  const { pageId } = await bind()
  graph.answer = ({ path }) =>
    path.endsWith('/42') ? { body: { first_name: 'Jane', last_name: 'Example', id: '42' } } : undefined
  expect(await messaging(pageId, { message: { mid: 'm_1', text: 'Grüezi' } })).toEqual({
    status: 200,
    body: {},
  })
  await expect.poll(() => bodies('/events', pageId), soon).toHaveLength(1)
  expect(bodies('/notify', pageId)).toEqual([
    {
      from: '42',
      mapKey: 'facebook',
      firstName: 'Jane',
      lastName: 'Example',
      phone: 'none',
      description: 'Facebook: Bakery',
      to: pageId,
      timestamp: expect.any(String),
      body: 'Grüezi',
      messageId: 'm_1',
    },
  ])
  expect(bodies('/events', pageId)).toMatchObject([
    { type: 'window', from: '42', data: { humanAgentUntil: null } },
  ])
  graph.answer = () => undefined
})

test('an answer to a message quotes it in the language of the integration, and comes without where Facebook does not give it out', async () => {
  const { pageId } = await bind({ language: 'it' })
  graph.answer = ({ path }) =>
    path.endsWith('/m_blue')
      ? { body: { id: 'm_blue', message: `Blue\nor ${'green '.repeat(60)}` } }
      : path.endsWith('/m_old')
        ? { status: 400, body: { error: { message: 'x', code: 9000001 } } }
        : undefined
  const answers = (mid: string) => ({ mid: `${mid}_answer`, text: 'That one', reply_to: { mid } })
  const at = Date.now()
  for (const [n, mid] of ['m_blue', 'm_old', 'm_silent'].entries())
    await messaging(pageId, { timestamp: at + n, message: answers(mid) })
  await expect.poll(() => bodies('/notify', pageId), soon).toHaveLength(3)
  const said = bodies('/notify', pageId).map(({ body }) => body)
  expect(said[0]).toMatch(/^Risponde a “Blue or green [^\n]{170,195}…”:\nThat one$/)
  expect(said.slice(1)).toEqual(['That one', 'That one'])
  graph.answer = () => undefined
})

test('of somebody whose name is not to be had the end of his id is shown, and nothing waits for it', async () => {
  const { pageId } = await bind()
  graph.answer = ({ method }) =>
    method === 'GET' ? { status: 400, body: { error: { code: 100, error_subcode: 2018218 } } } : undefined
  await messaging(pageId, { sender: { id: '7689966077685933' }, message: { mid: 'm_2', text: 'x' } })
  await expect
    .poll(() => bodies('/notify', pageId), soon)
    .toMatchObject([{ firstName: 'Facebook user', lastName: '5933' }])
  graph.answer = () => undefined
})

test('somebody whose name is not to be had is called so in the language of the integration', async () => {
  const { pageId } = await bind({ language: 'it' })
  await messaging(pageId, { message: { mid: `m_nameless${pageId}`, text: 'Ciao' } })
  const told = () => centre.to('/notify').filter(({ query }) => query.get('token') === `t-${pageId}`)
  await expect
    .poll(() => told().map(({ body }) => body), soon)
    .toMatchObject([{ firstName: 'Utente Facebook', lastName: '42' }])
})

test('what Meta repeats, or sends with two others at once, is told once', async () => {
  const { pageId } = await bind()
  const message = { message: { mid: 'm_same', text: 'Once' } }
  await Promise.all([1, 2, 3].map(() => messaging(pageId, message, message)))
  await messaging(pageId, { message: { mid: 'm_end', text: 'End' } })
  await expect.poll(() => bodies('/notify', pageId).map(({ body }) => body), soon).toEqual(['Once', 'End'])
})

test('a thousand entries of five pages are taken at once, and each conversation of the one that is connected keeps its order', async () => {
  const { pageId } = await bind()
  const at = Date.now()
  const entry = Array.from({ length: 1000 }, (_, n) => ({
    id: n % 5 === 0 ? pageId : `${pageId}${n % 5}`,
    time: at,
    messaging: [
      {
        sender: { id: String(500 + (n % 30)) },
        timestamp: at + n,
        message: { mid: `m_k${n}`, text: String(n) },
      },
    ],
  }))
  expect((await webhook({ object: 'page', entry })).status).toBe(200)
  await expect.poll(() => told('/notify', pageId).length, { timeout: 120_000, interval: 200 }).toBe(200)
  const last = new Map<unknown, number>()
  for (const { from, body } of bodies('/notify', pageId)) {
    expect(Number(body)).toBeGreaterThan(last.get(from) ?? -1)
    last.set(from, Number(body))
  }
}, 150_000)

test('nothing is lost while the contact centre is away, and what waited comes in order when it is back', async () => {
  const { id, pageId } = await bind()
  let isAway = true
  centre.answer = ({ query }) =>
    isAway && query.get('token') === `t-${pageId}` ? { status: 502 } : undefined
  for (let n = 0; n < 5; n++)
    await messaging(pageId, { timestamp: Date.now() + n, message: { mid: `m_away${n}`, text: String(n) } })
  await messaging(pageId, { sender: { id: '43' }, message: { mid: 'm_other', text: 'other' } })
  await expect.poll(() => told('/notify', pageId).length, soon).toBeGreaterThan(2)
  const tries = told('/notify', pageId).length
  isAway = false
  await expect
    .poll(
      () =>
        bodies('/notify', pageId)
          .slice(tries)
          .filter(({ from }) => from === '42')
          .map(({ body }) => body),
      soon,
    )
    .toEqual(['0', '1', '2', '3', '4'])
  const { rows } = await ctx.pool.query(
    `select state, count(*)::int from parcel where integration_id = $1 group by 1`,
    [id],
  )
  await expect
    .poll(
      async () =>
        (await ctx.pool.query(`select 1 from parcel where integration_id = $1 and state = 'pending'`, [id]))
          .rowCount,
      soon,
    )
    .toBe(0)
  expect(rows.every(({ state }) => state !== 'dead')).toBe(true)
  centre.answer = () => undefined
})

test('a message that the contact centre refuses for what it is holds up no other', async () => {
  const { id, pageId } = await bind()
  centre.answer = ({ body }) =>
    body.messageId === 'm_bad' ? { status: 400, body: { code: 'OC-103', detail: 'No.' } } : undefined
  await messaging(pageId, { message: { mid: 'm_bad', text: 'x' } })
  await messaging(pageId, { message: { mid: 'm_good', text: 'y' } })
  await expect
    .poll(() => bodies('/notify', pageId).map(({ messageId }) => messageId), soon)
    .toEqual(['m_bad', 'm_good'])
  const { rows } = await ctx.pool.query(
    `select reason from parcel where integration_id = $1 and state = 'dead'`,
    [id],
  )
  expect(rows).toEqual([{ reason: expect.stringMatching(/centre-said.*"400".*"No\."/) }])
  centre.answer = () => undefined
})

test('a wrong token is somebody’s to put right: what came meanwhile waits, and goes out when it is right again', async () => {
  const { id, pageId } = await bind()
  const wrong = { status: 401, body: { code: 'OC-102', detail: 'Wrong.' } }
  centre.answer = ({ query }) => (query.get('token') === `t-${pageId}` ? wrong : undefined)
  await messaging(pageId, { message: { mid: 'm_held', text: 'x' } })
  const complaint = async () =>
    (await ctx.pool.query('select complaint from lane_end where integration_id = $1', [id])).rows[0]
  await expect
    .poll(complaint, soon)
    .toEqual({ complaint: expect.stringMatching(/centre-said.*"401".*"Wrong\."/) })
  await messaging(pageId, { sender: { id: '77' }, message: { mid: 'm_held2', text: 'y' } })
  centre.answer = () => undefined
  const tries = told('/notify', pageId).length
  await ctx.pool.query('update lane_end set held_until = now() where integration_id = $1', [id])
  await ctx.pool.query('update lane set next_at = now() where integration_id = $1 and next_at > now()', [id])
  const after = () =>
    bodies('/notify', pageId)
      .slice(tries)
      .map(({ messageId }) => messageId)
  await expect.poll(() => after().sort(), soon).toEqual(['m_held', 'm_held2'])
})

test('while the integration pauses, what comes is kept', async () => {
  const { id, pageId } = await bind({ state: 'paused' })
  await messaging(pageId, { message: { mid: 'm_paused', text: 'x' } })
  await messaging((await bind()).pageId, { message: { mid: 'm_not_paused', text: 'y' } })
  await expect
    .poll(() => centre.to('/notify').some(({ body }) => body.messageId === 'm_not_paused'), soon)
    .toBe(true)
  expect(bodies('/notify', pageId)).toEqual([])
  await ctx.pool.query(`update integration set state = 'connected' where id = $1`, [id])
  await expect.poll(() => bodies('/notify', pageId), soon).toHaveLength(1)
})

test('files are fetched at once, handed over by the key, and go as messages of their own after the first', async () => {
  const { pageId } = await bind()
  graph.answer = ({ path }) =>
    path.startsWith('/v/') ? { body: Buffer.from(`bytes of ${path}`), type: 'image/jpeg' } : undefined
  const attachments = ['a.jpg', 'b.jpg'].map((name) => ({
    type: 'file',
    payload: { url: `${graph.url}/v/${name}?oe=1` },
  }))
  await messaging(pageId, { message: { mid: 'm_files', text: 'Two', attachments } })
  await expect
    .poll(() => bodies('/notify', pageId), soon)
    .toMatchObject([
      { body: 'Two', messageId: 'm_files', AttachmentId: expect.any(Number) },
      { body: '', messageId: 'm_files#2', AttachmentId: expect.any(Number) },
    ])
  const uploads = centre.to('/api/attachments')
  expect(uploads.map(({ query, headers }) => [query.get('expiresInSeconds'), headers.authorization])).toEqual(
    [
      ['86400', 'Bearer pbk_key'],
      ['86400', 'Bearer pbk_key'],
    ],
  )
  expect(uploads[0]?.raw.toString()).toContain('bytes of /v/a.jpg')
  graph.answer = () => undefined
})

test('a file from anywhere else, or one that is gone, leaves a sentence and not a request', async () => {
  const { pageId } = await bind()
  graph.answer = ({ path }) => (path.startsWith('/v/') ? { status: 403 } : undefined)
  const attachments = ['http://localhost:1/x', `${graph.url}/v/gone`].map((url) => ({
    type: 'image',
    payload: { url },
  }))
  await messaging(pageId, { message: { mid: 'm_nofile', attachments } })
  await expect
    .poll(() => bodies('/notify', pageId), soon)
    .toMatchObject([{ body: expect.stringMatching(/not one of the channel[\s\S]*answered 403/) }])
  graph.answer = () => undefined
})

test('edits, unsends and reactions are told as events of the message', async () => {
  const { pageId } = await bind()
  await messaging(pageId, { message: { mid: 'm_ev', text: 'x' } })
  await messaging(pageId, {
    timestamp: Date.now() + 1,
    message_edit: { mid: 'm_ev', text: 'New', num_edit: 1 },
  })
  await messaging(pageId, {
    timestamp: Date.now() + 2,
    reaction: { mid: 'm_ev', action: 'react', emoji: '❤️' },
  })
  await messaging(pageId, { timestamp: Date.now() + 3, message: { mid: 'm_ev', is_deleted: true } })
  await expect
    .poll(() => bodies('/events', pageId).filter(({ type }) => type !== 'window'), soon)
    .toMatchObject([
      { type: 'message.edited', from: '42', mapKey: 'facebook', messageId: 'm_ev', data: { body: 'New' } },
      { type: 'message.reacted', messageId: 'm_ev', data: { action: 'react', emoji: '❤️' } },
      { type: 'message.deleted', messageId: 'm_ev' },
    ])
})

test('an answer written in Facebook’s inbox is told as sent there, one of our own is not', async () => {
  const { pageId } = await bind()
  const echo = (mid: string, app_id: number, rest = {}) =>
    messaging(pageId, {
      sender: { id: pageId },
      recipient: { id: '42' },
      message: { mid, text: mid, is_echo: true, app_id, ...rest },
    })
  await echo('m_ours', 1234567890)
  await echo('m_mark', 26390203743090, { metadata: 'patchbay:1:0' })
  await echo('m_inbox', 26390203743090)
  await expect
    .poll(() => bodies('/events', pageId), soon)
    .toMatchObject([{ type: 'message.sent', from: '42', messageId: 'm_inbox', data: { body: 'm_inbox' } }])
  expect(bodies('/notify', pageId)).toEqual([])
})

test('the echo of an answer that was given up makes it delivered: by its mark, and by no other', async () => {
  const { id, pageId } = await bind()
  graph.answer = ({ method, path }) => {
    if (method === 'POST' && path.endsWith(`/${pageId}/messages`)) return 'cut'
    return path.endsWith('/conversations')
      ? { status: 400, body: { error: { message: 'x', code: 100 } } }
      : undefined
  }
  await reply(pageId, { body: 'At six.' })
  await expect.poll(() => bodies('/receipts', pageId), soon).toMatchObject([{ status: 'failed' }])
  const [{ id: answerId } = {}] = bodies('/receipts', pageId)
  graph.answer = () => undefined
  const { rows } = await ctx.pool.query('select parcel_id from sent where integration_id = $1', [id])
  const [{ parcel_id: parcelId }] = rows
  const echo = (mid: string, message: object) =>
    messaging(pageId, {
      sender: { id: pageId },
      recipient: { id: '42' },
      message: { mid, text: 'At six.', is_echo: true, ...message },
    })
  await echo('m_colleague', { app_id: 26390203743090 })
  const elsewhere = () => bodies('/events', pageId).map(({ type, messageId }) => [type, messageId])
  await expect.poll(elsewhere, soon).toEqual([['message.sent', 'm_colleague']])
  await echo('m_late', { app_id: 1234567890, metadata: `patchbay:${parcelId}:0` })
  await expect
    .poll(() => bodies('/receipts', pageId).slice(1), soon)
    .toEqual([{ id: answerId, status: 'delivered' }])
  expect(elsewhere()).toHaveLength(1)
})

test('a post and a comment come with the post as thread and its link; the page’s own do not come', async () => {
  const { pageId } = await bind()
  const post = `${pageId}_1`
  await feed(pageId, { item: 'status', verb: 'add', post_id: post, message: 'Ours', from: { id: pageId } })
  await feed(pageId, { item: 'post', verb: 'add', post_id: post, message: 'Hello' })
  await feed(pageId, {
    item: 'comment',
    verb: 'add',
    post_id: post,
    parent_id: post,
    comment_id: '1_2',
    message: 'Nice',
    created_time: Math.floor(Date.now() / 1000) + 1,
  })
  await feed(pageId, {
    item: 'comment',
    verb: 'remove',
    post_id: post,
    comment_id: '1_2',
    from: { id: pageId },
    created_time: Math.floor(Date.now() / 1000) + 2,
  })
  await expect
    .poll(() => bodies('/events', pageId), soon)
    .toMatchObject([{ type: 'message.deleted', from: '42', threadId: post, messageId: '1_2' }])
  expect(bodies('/notify', pageId)).toMatchObject([
    {
      from: '42',
      firstName: 'Jane',
      lastName: 'Example',
      threadId: post,
      externalUrl: `https://www.facebook.com/${post}`,
      messageId: post,
      body: 'Hello',
    },
    { threadId: post, messageId: '1_2', body: 'Nice' },
  ])
})

const switches: [name: string, change: object, wanted: string[]][] = [
  ['without the wall', { wall_posts: false }, []],
  ['with posts alone', { comment_depth: 0 }, ['9_1']],
  ['with comments', { comment_depth: 1 }, ['9_1', '1_2']],
  ['with answers to comments', { comment_depth: 2 }, ['9_1', '1_2', '1_3']],
]
for (const [name, change, wanted] of switches)
  test(`an integration ${name} tells ${wanted.length} of three`, async () => {
    const { pageId } = await bind({ ...change })
    await feed(pageId, { item: 'post', verb: 'add', post_id: '9_1', message: 'a' })
    await feed(pageId, {
      item: 'comment',
      verb: 'add',
      post_id: '9_1',
      parent_id: '9_1',
      comment_id: '1_2',
      message: 'b',
      created_time: 2_000_000_000,
    })
    await feed(pageId, {
      item: 'comment',
      verb: 'add',
      post_id: '9_1',
      parent_id: '1_2',
      comment_id: '1_3',
      message: 'c',
      created_time: 2_000_000_001,
    })
    await messaging(pageId, { message: { mid: 'm_after', text: 'z' } })
    await expect
      .poll(
        () =>
          bodies('/notify', pageId)
            .map(({ messageId }) => messageId)
            .sort(),
        soon,
      )
      .toEqual([...wanted, 'm_after'].sort())
  })

test('files of the wall come in only where the integration lets them', async () => {
  graph.answer = ({ path }) =>
    path.startsWith('/v/') ? { body: Buffer.from('JPEG'), type: 'image/jpeg' } : undefined
  const photo = `${graph.url}/v/wall.jpg`
  for (const wall_files of [false, true]) {
    const { pageId } = await bind({ wall_files })
    await feed(pageId, { item: 'photo', verb: 'add', post_id: `${pageId}_8`, photo })
    const wanted = wall_files
      ? { body: '', AttachmentId: expect.any(Number) }
      : { body: '(photo, to be seen on Facebook)' }
    await expect.poll(() => bodies('/notify', pageId), soon).toMatchObject([wanted])
  }
  graph.answer = () => undefined
})
