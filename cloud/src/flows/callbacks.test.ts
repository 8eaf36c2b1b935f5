/** What Meta posts when a permission is taken back, and what is looked at by itself every day. */
import { hmacSha256 } from '@patchbay/kit/crypto.ts'
import { beforeEach, describe, expect, test } from 'vitest'
import { startCentreDouble } from '../centre-testing.ts'
import { startGraphDouble } from '../graph-testing.ts'
import { type Person, startTestCloud, testApp } from '../testing.ts'
import { connectChores } from './connect/watch.ts'

const graph = await startGraphDouble()
const centre = await startCentreDouble()
const cloud = await startTestCloud({ FACEBOOK_GRAPH_URL: graph.url, FACEBOOK_DIALOG_URL: graph.url })
const { call, ctx } = cloud
let count = 0
beforeEach(() => graph.dead.clear())

async function connected(): Promise<{ owner: Person; pageId: string; id: number }> {
  const owner = await cloud.makeUser()
  const dialog = await call('GET /connect/facebook', { as: owner })
  const state = new URL(dialog.headers.get('location') ?? '').searchParams.get('state') ?? ''
  graph.codes.add('code')
  await call('GET /connect/facebook/callback', { as: owner, query: { code: 'code', state } })
  const pageId = String(800_000 + ++count)
  graph.pages.push({ id: pageId, name: `Page ${pageId}` })
  const body = { pageId, receiveUrl: centre.receiveUrl, apiKey: 'pbk_good' }
  const made = await call('POST /api/integrations', { as: owner, body })
  expect(made.status).toBe(201)
  return { owner, pageId, id: made.body.id }
}

const stateOf = async ({ owner, id }: { owner: Person; id: number }) =>
  (await call('GET /api/integrations/:id', { as: owner, params: { id } })).body

function sign(payload: object, secret = testApp.FACEBOOK_APP_SECRET): string {
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return `${hmacSha256(secret, text).toString('base64url')}.${text}`
}

async function post(path: string, signedRequest: string) {
  const answer = await fetch(`${cloud.url}/webhook/facebook/${path}`, {
    method: 'POST',
    body: new URLSearchParams({ signed_request: signedRequest }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}

describe('taking back', () => {
  test('by a person ends his login and every page that he connected', async () => {
    const one = await connected()
    const about = { algorithm: 'HMAC-SHA256', issued_at: 1, user_id: graph.person.id }
    expect((await post('deauthorize', sign(about, 'another-secret'))).status).toBe(400)
    expect((await stateOf(one)).state).toBe('connected')
    expect((await post('deauthorize', sign(about))).status).toBe(200)
    expect(await stateOf(one)).toMatchObject({
      state: 'disconnected',
      stateReason: {
        sentences: [{ code: 'taken-back', values: {} }],
        words: expect.stringMatching(/taken back/),
      },
    })
    expect((await call('GET /api/facebook', { as: one.owner })).body.login).toBeNull()
    const row = await ctx.db
      .selectFrom('integration')
      .selectAll()
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow()
    expect(row.page_token_sealed).toBeNull()
  })

  test('of a page ends that page alone', async () => {
    const [one, other] = [await connected(), await connected()]
    const about = { algorithm: 'HMAC-SHA256', issued_at: '1', user_id: null, profile_id: one.pageId }
    expect((await post('deauthorize', sign(about))).status).toBe(200)
    expect((await stateOf(one)).state).toBe('disconnected')
    expect((await stateOf(other)).state).toBe('connected')
  })

  test('with deletion leaves no trace of the person, and an address that says so', async () => {
    const one = await connected()
    const { body } = await post('data-deletion', sign({ algorithm: 'HMAC-SHA256', user_id: graph.person.id }))
    expect(body.url).toBe(`${ctx.config.publicUrl}/deletion?id=${body.confirmation_code}`)
    const page = await fetch(`${cloud.url}/deletion?id=${body.confirmation_code}`)
    expect(page.headers.get('content-type')).toMatch(/html/)
    expect(await page.text()).toMatch(/was deleted on/)
    const read = await fetch(page.url, { headers: { 'accept-language': 'it-IT,it;q=0.9,en;q=0.8' } })
    expect(await read.text()).toMatch(/lang="it".*è stato cancellato il \d{4}-\d\d-\d\d/s)
    expect(await (await fetch(`${cloud.url}/deletion?id=other`)).text()).toMatch(/No deletion is known/)
    const rows = await ctx.db
      .selectFrom('integration')
      .select('facebook_user_id')
      .where('id', '=', one.id)
      .execute()
    expect(rows).toEqual([{ facebook_user_id: '' }])
    expect(await ctx.db.selectFrom('facebook_login').selectAll().execute()).toEqual([])
  })

  test('is believed only when it is signed, in the way that Meta signs', async () => {
    const vector =
      'ZIZu7resHABglOMDWCN47RJE0VZKQpHaMmz5_Kg8KRM.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTY5ODYzNzYwMSwidXNlcl9pZCI6IjIxODQ3MSJ9'
    expect((await post('deauthorize', vector)).status).toBe(200)
    const [signature, payload] = vector.split('.')
    const padded = `${(signature ?? '').replaceAll('-', '+').replaceAll('_', '/')}=`
    expect((await post('deauthorize', `${padded}.${payload}`)).status).toBe(200)
    for (const bad of ['', 'x', `${signature}`, `.${payload}`, `${signature}.${payload}x`, `${vector}.x`])
      expect(await post('deauthorize', bad)).toMatchObject({ status: 400, body: { code: 'CL-111' } })
  })
})

describe('once a day', () => {
  const lookAt = (id: number): Promise<void> =>
    connectChores(ctx)['look-at-page']?.run({ id }, new AbortController().signal, { isLast: true }) ??
    Promise.reject(new Error('no such chore'))

  test('a subscription that Meta dropped is made again', async () => {
    const one = await connected()
    graph.subscriptions.delete(one.pageId)
    await lookAt(one.id)
    expect(graph.subscriptions.get(one.pageId)).toContain('messages')
    expect((await stateOf(one)).state).toBe('connected')
  })

  test('a token that died makes the integration one to reconnect', async () => {
    const one = await connected()
    graph.dead.add(`page-${one.pageId}`)
    await lookAt(one.id)
    expect(await stateOf(one)).toMatchObject({
      state: 'reconnect',
      stateReason: {
        sentences: [{ code: 'token-ended', values: {} }],
        words: expect.stringMatching(/reconnect/),
      },
    })
    const soon = { timeout: 20_000, interval: 20 }
    await expect.poll(async () => (await cloud.mails(one.owner.email)).length, soon).toBe(1)
    expect((await cloud.mails(one.owner.email))[0]).toMatch(/has to be connected again/)
  })

  test('only what was not looked at lately is asked', async () => {
    const one = await connected()
    const soon = { timeout: 20_000, interval: 20 }
    graph.subscriptions.delete(one.pageId)
    const look = connectChores(ctx)['look-at-pages']
    await look?.run({}, new AbortController().signal, { isLast: false })
    await ctx.db
      .updateTable('integration')
      .set({ token_checked_at: new Date(0) })
      .where('id', '=', one.id)
      .execute()
    expect(graph.subscriptions.has(one.pageId)).toBe(false)
    await look?.run({}, new AbortController().signal, { isLast: false })
    await expect.poll(() => graph.subscriptions.has(one.pageId), soon).toBe(true)
  })
})
