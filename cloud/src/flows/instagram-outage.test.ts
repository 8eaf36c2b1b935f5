/** What Instagram could not tell, or told in another order: messages missed, answers of which nobody knows whether they went out, echoes. */
import { addChore } from '@patchbay/kit/chores.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { afterEach, expect, test } from 'vitest'
import { accountsOf } from './instagram-testing.ts'
import { type Answering, soon, startTraffic } from './testing.ts'

const traffic = await startTraffic()
const { graph, centre, ctx } = traffic
const account = accountsOf(traffic)
type Account = Awaited<ReturnType<typeof account>>
const MINUTE_MS = 60_000
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString()

afterEach(() => {
  graph.answer = () => undefined
  centre.answer = () => undefined
})

const giulia = { id: '77', username: 'giulia.ferri' }
/** As the list of conversations names both sides. */
const said = ({ pageId }: Account, id: string, message: string, isOurs = false, minutes = 1) => {
  const own = { id: pageId, username: 'bakery' }
  const [from, to] = isOurs ? [own, giulia] : [giulia, own]
  return { id, message, from, to: { data: [to] }, created_time: ago(minutes) }
}

/** One conversation, newest first, as Meta lists those of Instagram alone. */
const lists =
  ({ page }: Account, ...messages: object[]): Answering =>
  ({ method, path, query }) => {
    if (method !== 'GET' || !path.endsWith(`/${page}/conversations`)) return undefined
    const data =
      query.get('platform') === 'instagram'
        ? [{ id: 't_1', updated_time: ago(0), messages: { data: messages } }]
        : []
    return { body: { data } }
  }

async function catchUp({ id }: Account) {
  await ctx.pool.query(
    `insert into catch_up (integration_id, until) values ($1, now() - interval '1 day')
     on conflict (integration_id) do update set until = excluded.until`,
    [id],
  )
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

/** Everything that came so far is carried. */
async function quiet({ id }: Account, direction: 'in' | 'out' = 'in') {
  const left = async () =>
    (
      await ctx.pool.query(
        `select 1 from parcel where integration_id = $1 and direction = $2 and state = 'pending'`,
        [id, direction],
      )
    ).rowCount
  await expect.poll(left, soon).toBe(0)
}

const elsewhere = ({ told }: Account) => told('/events').filter(({ type }) => type === 'message.sent')
const sentIds = async ({ id }: Account) =>
  (
    await ctx.db
      .selectFrom('sent')
      .select('message_id')
      .where('integration_id', '=', id)
      .orderBy('id')
      .execute()
  ).map((row) => row.message_id)

test('what Instagram told in vain is read after an outage, once; answers of ours among it are not told, a colleague’s is', async () => {
  const one = await account()
  await one.direct({ message: { mid: 'aWdf_told', text: 'Told' } })
  await one.write({ body: 'Ours' })
  await expect.poll(() => one.sent(), soon).toHaveLength(1)
  await quiet(one, 'out')
  const [ours = ''] = await sentIds(one)
  graph.answer = lists(
    one,
    said(one, 'aWdf_missed', 'Missed'),
    said(one, 'aWdf_theirs', 'From the app', true),
    said(one, String(ours), 'Ours', true),
    said(one, 'aWdf_told', 'Told'),
    said(one, 'aWdf_old', 'Long ago', false, 5 * 24 * 60),
  )
  await catchUp(one)
  await catchUp(one)
  await quiet(one)
  expect(one.told('/notify').map(({ from, body }) => [from, body])).toEqual([
    ['instagram:77', 'Told'],
    ['instagram:77', 'Missed'],
  ])
  expect(elsewhere(one)).toMatchObject([{ messageId: 'aWdf_theirs', data: { body: 'From the app' } }])
  // Of an account nothing public is read.
  expect(graph.to('/feed')).toEqual([])
})

test('a file that was missed on Instagram is told with its message', async () => {
  const one = await account()
  const attachments = {
    data: [{ mime_type: 'image/png', name: 'a.png', image_data: { url: `${graph.url}/cdn/a.png` } }],
  }
  const listed = lists(one, { ...said(one, 'aWdf_file', ''), attachments })
  graph.answer = (heard) =>
    heard.path === '/cdn/a.png' ? { body: Buffer.from('PNG'), type: 'image/png' } : listed(heard)
  await catchUp(one)
  await expect.poll(() => one.told('/notify'), soon).toMatchObject([{ AttachmentId: expect.any(Number) }])
})

for (const isThere of [true, false])
  test(`an answer whose acknowledgement was lost is ${isThere ? 'found at Instagram and not sent twice' : 'sent again where Instagram does not have it'}`, async () => {
    const one = await account()
    // What the customer wrote in the same words, and what is older, are not it.
    const listed = lists(
      one,
      ...(isThere ? [said(one, `aWdf_found${one.pageId}`, 'Hello \n there', true, 0)] : []),
      said(one, 'aWdf_hers', 'Hello there', false, 0),
      said(one, 'aWdf_before', 'Hello there', true, 30),
    )
    let isCut = true
    graph.answer = (heard) => {
      if (!heard.path.endsWith(`/${one.page}/messages`) || !isCut) return listed(heard)
      isCut = false
      return 'cut'
    }
    await one.write({ body: 'Hello\nthere' })
    await quiet(one, 'out')
    expect(one.sent()).toHaveLength(isThere ? 1 : 2)
    const asked = graph.to(`/${one.page}/conversations`).filter(({ query }) => query.get('user_id') === '77')
    expect(asked.length).toBeGreaterThan(0)
    expect((await sentIds(one))[0]).toMatch(isThere ? /^aWdf_found/ : /^m_out_/)
    expect(one.told('/receipts')).toEqual([])
  })

test('echoes of our own answers never come back, whatever they look like and whenever they come', async () => {
  const one = await account()
  await one.direct({ message: { mid: `aWdf_q${one.pageId}`, text: 'Hi' } })
  // Before its acknowledgement, in pieces that Instagram sets in its own way.
  let count = 0
  graph.answer = async ({ method, path, body }) => {
    if (method !== 'POST' || !path.endsWith(`/${one.page}/messages`)) return undefined
    const { text } = (body as { message: { text: string } }).message
    const mid = `aWdf_${one.pageId}_${count++}`
    await one.echo(mid, { text: text.normalize('NFD').replaceAll('. ', '.\n') })
    await quiet(one)
    return { body: { message_id: mid } }
  }
  await one.write({ body: 'Perché no? Domani alle otto. '.repeat(60) })
  await quiet(one, 'out')
  expect(count).toBeGreaterThan(1)
  // After it, under other words.
  await one.echo(`aWdf_${one.pageId}_0`, { text: 'https://l.instagram.com/?u=something-else' })
  await quiet(one)
  expect(elsewhere(one)).toEqual([])
  await one.echo(`aWdf_colleague${one.pageId}`, { text: 'A colleague' })
  await expect.poll(() => elsewhere(one), soon).toMatchObject([{ data: { body: 'A colleague' } }])
})

test('the echo of one answer is not taken for another in the same words', async () => {
  const one = await account()
  await one.write({ body: 'Yes' })
  await quiet(one, 'out')
  const [first] = await sentIds(one)
  graph.answer = ({ method }) => (method === 'POST' ? 'cut' : undefined)
  await one.write({ body: 'Yes' })
  await expect.poll(() => sentIds(one), soon).toEqual([first, null])
  await one.echo(String(first), { text: 'Yes' })
  await quiet(one)
  expect(await sentIds(one)).toEqual([first, null])
  await one.echo(`aWdf_second${one.pageId}`, { text: 'Yes' })
  await expect.poll(() => sentIds(one), soon).toEqual([first, `aWdf_second${one.pageId}`])
  expect(elsewhere(one)).toEqual([])
})

test('when a colleague writes the same words while ours are under way, both are shown, each once', async () => {
  const one = await account()
  const [ours, theirs] = [`aWdf_ours${one.pageId}`, `aWdf_theirs${one.pageId}`]
  graph.answer = async ({ method, path }) => {
    if (method !== 'POST' || !path.endsWith(`/${one.page}/messages`)) return undefined
    await one.echo(theirs, { text: 'We bake at six.' })
    await quiet(one)
    return { body: { message_id: ours } }
  }
  await one.write({ body: 'We bake at six.' })
  await quiet(one, 'out')
  await one.echo(ours, { text: 'We bake at six.' })
  await quiet(one)
  expect(one.sent()).toHaveLength(1)
  expect(elsewhere(one)).toMatchObject([{ data: { body: 'We bake at six.' } }])
  expect(one.told('/receipts')).toEqual([])
})

test('an echo in which nothing tells whose it is waits for the answer that is under way', async () => {
  const one = await account()
  centre.answer = ({ path }) =>
    path === '/signed/7' ? { body: Buffer.from('%PDF-1.7'), type: 'application/pdf' } : undefined
  const mid = `aWdf_file${one.pageId}`
  let isCut = true
  graph.answer = ({ method, path }) => {
    if (method !== 'POST' || !path.endsWith(`/${one.page}/messages`)) return undefined
    if (!isCut) return { body: { message_id: mid } }
    isCut = false
    return 'cut'
  }
  const attachment = { id: 7, name: 'a.pdf', type: 'application/pdf', url: `${centre.url}/signed/7` }
  await one.write({ body: 'a.pdf', AttachmentId: 7, attachment })
  await expect.poll(() => sentIds(one), soon).toEqual([null])
  await one.echo(mid, { attachments: [{ type: 'unsupported_type' }] })
  await quiet(one, 'out')
  await quiet(one)
  expect(await sentIds(one)).toEqual([mid])
  expect(elsewhere(one)).toEqual([])
})

test('an answer that was given up unacknowledged holds up nothing that comes after it', async () => {
  const one = await account()
  graph.answer = ({ method, path, query }) => {
    if (method === 'POST' && path.endsWith(`/${one.page}/messages`)) return 'cut'
    return query.get('user_id') === '77'
      ? { status: 400, body: { error: { message: 'x', code: 100 } } }
      : undefined
  }
  await one.write({ body: 'Lost' })
  await expect.poll(() => one.told('/receipts'), soon).toMatchObject([{ status: 'failed' }])
  expect(await sentIds(one)).toEqual([null])
  await one.echo(`aWdf_after${one.pageId}`, { text: 'A colleague' })
  await one.direct({ message: { mid: `aWdf_next${one.pageId}`, text: 'Next' } })
  await expect.poll(() => one.told('/notify').map(({ body }) => body), soon).toEqual(['Next'])
  expect(elsewhere(one)).toMatchObject([{ data: { body: 'A colleague' } }])
})

/** One that Instagram takes without saying so, and then answers nothing that tells of it. */
async function givenUp(one: Account, body: string) {
  graph.answer = ({ method, path, query }) => {
    if (method === 'POST' && path.endsWith(`/${one.page}/messages`)) return 'cut'
    return query.get('user_id') === '77'
      ? { status: 400, body: { error: { message: 'x', code: 100 } } }
      : undefined
  }
  await one.write({ body })
  await expect.poll(() => one.told('/receipts'), soon).toMatchObject([{ status: 'failed' }])
  await quiet(one, 'out')
  const [{ id: answerId, reason } = {}] = one.told('/receipts')
  expect(reason).toMatch(/It may have arrived all the same\.$/)
  return answerId
}

test('the echo of an answer that was given up makes it delivered, and is no message of its own', async () => {
  const one = await account()
  const answerId = await givenUp(one, 'We bake\nat six.')
  await one.echo(`aWdf_late${one.pageId}`, { text: 'We bake at six.' })
  await quiet(one)
  expect(one.told('/receipts').slice(1)).toEqual([{ id: answerId, status: 'delivered' }])
  expect(elsewhere(one)).toEqual([])
  // Told again it is known.
  await one.echo(`aWdf_late${one.pageId}`, { text: 'We bake at six.' })
  await one.direct({ message: { mid: `aWdf_then${one.pageId}`, text: 'Then' } })
  await expect.poll(() => one.told('/notify').map(({ body }) => body), soon).toEqual(['Then'])
  expect([one.told('/receipts').length, elsewhere(one)]).toEqual([2, []])
  // Of its words nothing is kept longer than it is looked for.
  const { rows } = await ctx.pool.query('select words_digest from sent where integration_id = $1', [one.id])
  expect(rows).toEqual([{ words_digest: null }])
})

for (const [name, text, minutes] of [
  ['in other words', 'We bake at seven.', 0],
  ['in the same words, long before', 'We bake at six.', 5],
] as const)
  test(`what a colleague wrote ${name} is not taken for an answer that was given up`, async () => {
    const one = await account()
    await givenUp(one, 'We bake at six.')
    const message = { mid: `aWdf_c${one.pageId}`, text, is_echo: true }
    const sides = { sender: { id: one.pageId }, recipient: { id: '77' } }
    await one.direct({ ...sides, message }, Date.now() - minutes * MINUTE_MS)
    await expect.poll(() => elsewhere(one), soon).toMatchObject([{ data: { body: text } }])
    expect(one.told('/receipts')).toHaveLength(1)
  })
