/** Connecting the Instagram account of a page beside the page, or without it. */
import { beforeEach, describe, expect, test } from 'vitest'
import { startCentreDouble } from '../../centre-testing.ts'
import { startGraphDouble } from '../../graph-testing.ts'
import { type Person, startTestCloud } from '../../testing.ts'
import { connectChores } from './watch.ts'

const graph = await startGraphDouble()
const centre = await startCentreDouble()
const cloud = await startTestCloud({ FACEBOOK_GRAPH_URL: graph.url, FACEBOOK_DIALOG_URL: graph.url })
const { call } = cloud
const good = { receiveUrl: centre.receiveUrl, apiKey: 'pbk_good' }
const allGranted = [...graph.granted]
let count = 0

beforeEach(() => {
  graph.granted = [...allGranted]
  graph.dead.clear()
  graph.unknownFields.clear()
})

function newPage(hasInstagram = true) {
  const number = 900_000 + ++count
  const page = {
    id: String(number),
    name: `Page ${count}`,
    ...(hasInstagram && { instagram: { id: `17841${number}`, username: `page${count}` } }),
  }
  graph.pages.push(page)
  return page
}

async function logIn(person: Person): Promise<void> {
  const dialog = await call('GET /connect/facebook', { as: person })
  const state = new URL(dialog.headers.get('location') ?? '').searchParams.get('state') ?? ''
  graph.codes.add('a-code')
  await call('GET /connect/facebook/callback', { as: person, query: { code: 'a-code', state } })
}

async function owner(): Promise<Person> {
  const person = await cloud.makeUser()
  await logIn(person)
  return person
}

const connect = (as: Person, pageId: string, kind?: 'facebook' | 'instagram') =>
  call('POST /api/integrations', { as, body: { pageId, ...(kind && { kind }), ...good } })

test('the list of pages shows the account that is linked to each, or why there is none to connect', async () => {
  const [linked, alone] = [newPage(), newPage(false)]
  const seen = async (as: Person, id: string) =>
    (await call('GET /api/pages', { as })).body.rows.find((row) => row.id === id)?.instagram
  const person = await owner()
  expect(await seen(person, linked.id)).toEqual({
    account: linked.instagram,
    usable: true,
    reason: null,
    connected: null,
  })
  expect(await seen(person, alone.id)).toMatchObject({
    account: null,
    usable: false,
    reason: { words: expect.stringMatching(/^No Instagram professional account is linked/) },
  })
  graph.granted = allGranted.filter((name) => !name.startsWith('instagram_'))
  expect(await seen(await owner(), linked.id)).toMatchObject({
    account: null,
    usable: false,
    reason: { words: expect.stringMatching(/not allowed instagram_basic, instagram_manage_messages/) },
  })
})

test('the account is connected by its page: its own integration, under its own name, subscribed beside the page’s', async () => {
  const page = newPage()
  const person = await owner()
  const ofPage = await connect(person, page.id)
  const ofAccount = await connect(person, page.id, 'instagram')
  expect(ofAccount).toMatchObject({
    status: 201,
    body: {
      kind: 'instagram',
      page: { id: page.instagram?.id, name: `@${page.instagram?.username}` },
      linkedPage: { id: page.id, name: page.name },
      state: 'connected',
      messenger: true,
      wallPosts: false,
    },
  })
  expect(ofPage.body).toMatchObject({ kind: 'facebook', linkedPage: null })
  expect(graph.subscriptions.get(page.id)).toEqual(
    expect.arrayContaining(['messages', 'message_echoes', 'feed', 'messaging_seen']),
  )
  // The page goes, and the account goes on.
  await call('DELETE /api/integrations/:id', { as: person, params: { id: ofPage.body.id } })
  expect(graph.subscriptions.get(page.id)).toEqual(expect.arrayContaining(['messages', 'messaging_seen']))
  expect(graph.subscriptions.get(page.id)).not.toContain('feed')
  await call('DELETE /api/integrations/:id', { as: person, params: { id: ofAccount.body.id } })
  expect(graph.subscriptions.has(page.id)).toBe(false)
})

test('a field that Meta does not know on a page costs the others nothing', async () => {
  const page = newPage()
  graph.unknownFields.add('messaging_seen')
  expect(await connect(await owner(), page.id, 'instagram')).toMatchObject({ status: 201 })
  expect(graph.subscriptions.get(page.id)).toContain('messages')
  expect(graph.subscriptions.get(page.id)).not.toContain('messaging_seen')
})

test('an account that is not there, or was not allowed, is refused with the reason', async () => {
  const alone = newPage(false)
  expect(await connect(await owner(), alone.id, 'instagram')).toMatchObject({
    status: 409,
    body: { code: 'CL-105', detail: expect.stringMatching(/^No Instagram/) },
  })
  graph.granted = allGranted.filter((name) => name !== 'instagram_manage_messages')
  expect(await connect(await owner(), newPage().id, 'instagram')).toMatchObject({ body: { code: 'CL-105' } })
})

test('it is checked, paused, reconnected and replaced like a page, by itself', async () => {
  const page = newPage()
  const person = await owner()
  const ofPage = await connect(person, page.id)
  const { body: made } = await connect(person, page.id, 'instagram')
  const params = { id: made.id }
  const check = await call('POST /api/integrations/:id/check', { as: person, params })
  expect(check.body.checks.filter(({ ok }) => !ok)).toEqual([])
  graph.subscriptions.set(page.id, ['feed'])
  const dropped = await call('POST /api/integrations/:id/check', { as: person, params })
  expect(dropped.body.checks.find(({ ok }) => !ok)).toMatchObject({ name: 'subscription' })
  expect(await call('POST /api/integrations/:id/reconnect', { as: person, params })).toMatchObject({
    status: 200,
  })
  expect(graph.subscriptions.get(page.id)).toEqual(expect.arrayContaining(['messages', 'feed']))

  const change = (body: object) => call('PATCH /api/integrations/:id', { as: person, params, body })
  expect((await change({ paused: true })).body.state).toBe('paused')
  expect((await change({ paused: false })).body.state).toBe('connected')
  expect((await change({ wallPosts: true, messenger: false })).body).toMatchObject({
    wallPosts: false,
    messenger: true,
  })

  const other = await owner()
  await connect(other, page.id, 'instagram')
  const states = await call('GET /api/integrations', { as: person })
  expect(states.body.rows.map(({ id, state }) => [id, state])).toEqual([
    [made.id, 'replaced'],
    [ofPage.body.id, 'connected'],
  ])
})

test('when another account is linked to the page, reconnecting says so', async () => {
  const page = newPage()
  const person = await owner()
  const { body: made } = await connect(person, page.id, 'instagram')
  if (page.instagram) page.instagram.id = '17841999'
  expect(
    await call('POST /api/integrations/:id/reconnect', { as: person, params: { id: made.id } }),
  ).toMatchObject({ body: { code: 'CL-105', detail: expect.stringMatching(/^Another account/) } })
})

describe('once a day', () => {
  const lookAt = (id: number): Promise<void> =>
    connectChores(cloud.ctx)['look-at-page']?.run({ id }, new AbortController().signal, { isLast: true }) ??
    Promise.reject(new Error('no such chore'))
  async function both() {
    const page = newPage()
    const person = await owner()
    const ofPage = (await connect(person, page.id)).body
    const ofAccount = (await connect(person, page.id, 'instagram')).body
    const see = async (id: number) =>
      (await call('GET /api/integrations/:id', { as: person, params: { id } })).body
    return { page, person, ofPage, ofAccount, see }
  }

  test('a subscription that Meta dropped is made again for the account and for its page', async () => {
    const { page, ofAccount, see } = await both()
    graph.subscriptions.set(page.id, ['feed'])
    await lookAt(ofAccount.id)
    expect(graph.subscriptions.get(page.id)).toEqual(
      expect.arrayContaining(['messages', 'messaging_seen', 'message_echoes', 'feed']),
    )
    expect((await see(ofAccount.id)).state).toBe('connected')
  })

  test('a whole subscription is left alone', async () => {
    const { page, ofAccount } = await both()
    const asked = () => graph.calls.filter((one) => one === `POST ${page.id}/subscribed_apps`).length
    const before = asked()
    await lookAt(ofAccount.id)
    expect(asked()).toBe(before)
  })

  test('the token of the page that died makes the account one to reconnect, and its owner is told', async () => {
    const { page, person, ofPage, ofAccount, see } = await both()
    graph.dead.add(`page-${page.id}`)
    await lookAt(ofAccount.id)
    expect(await see(ofAccount.id)).toMatchObject({
      state: 'reconnect',
      stateReason: { sentences: [{ code: 'token-ended' }] },
    })
    expect((await see(ofPage.id)).state).toBe('connected')
    const mails = { timeout: 20_000, interval: 20 }
    await expect.poll(async () => (await cloud.mails(person.email)).join(), mails).toMatch(/connected again/)
  })

  test('an account that was taken off its page is one to reconnect, unless nobody may see whether it was', async () => {
    const { page, person, ofAccount, see } = await both()
    if (page.instagram) page.instagram.id = '17841998'
    graph.granted = allGranted.filter((name) => name !== 'instagram_basic')
    await lookAt(ofAccount.id)
    expect((await see(ofAccount.id)).state).toBe('connected')
    graph.granted = [...allGranted]
    const { body } = await call('POST /api/integrations/:id/check', {
      as: person,
      params: { id: ofAccount.id },
    })
    expect(body.checks.find(({ ok }) => !ok)).toMatchObject({
      name: 'subscription',
      detail: { sentences: [{ code: 'account-unlinked' }] },
    })
    await lookAt(ofAccount.id)
    expect(await see(ofAccount.id)).toMatchObject({
      state: 'reconnect',
      stateReason: { sentences: [{ code: 'account-unlinked' }] },
    })
  })
})
