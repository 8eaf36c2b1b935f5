/** Connecting a page: to the dialog and back, the list of pages, and what one is bound to. */
import { sha256 } from '@patchbay/kit/crypto.ts'
import { beforeEach, describe, expect, test } from 'vitest'
import { startCentreDouble } from '../../centre-testing.ts'
import { startGraphDouble } from '../../graph-testing.ts'
import { type Person, startTestCloud } from '../../testing.ts'

const graph = await startGraphDouble()
const centre = await startCentreDouble()
const cloud = await startTestCloud({ FACEBOOK_GRAPH_URL: graph.url, FACEBOOK_DIALOG_URL: graph.url })
const { call, ctx } = cloud
const good = { receiveUrl: centre.receiveUrl, apiKey: 'pbk_good' }
const soon = { timeout: 20_000, interval: 20 }
const allGranted = [...graph.granted]
let count = 0

beforeEach(() => {
  graph.granted = [...allGranted]
  graph.declined = []
  graph.dead.clear()
  graph.calls = []
  centre.calls = []
})

/** A page that no other test has. */
function newPage(fields: object = {}) {
  const page = { id: String(900_000 + ++count), name: `Page ${count}`, ...fields }
  graph.pages.push(page)
  return page
}

const whereTo = (answer: { headers: Headers }): URL =>
  new URL(answer.headers.get('location') ?? '', cloud.url)

async function leave(person: Person): Promise<URL> {
  return whereTo(await call('GET /connect/facebook', { as: person }))
}

/** What the dialog does when everything is granted. */
async function comeBack(person: Person | null, state: string, query: object = {}) {
  graph.codes.add('a-code')
  return whereTo(
    await call('GET /connect/facebook/callback', { as: person, query: { code: 'a-code', state, ...query } }),
  )
}

async function logIn(person: Person): Promise<void> {
  const state = (await leave(person)).searchParams.get('state') ?? ''
  expect((await comeBack(person, state)).searchParams.get('outcome')).toBe('done')
}

async function connected(fields: object = {}, person?: Person) {
  const owner = person ?? (await cloud.makeUser())
  await logIn(owner)
  const page = newPage()
  const made = await call('POST /api/integrations', {
    as: owner,
    body: { pageId: page.id, ...good, ...fields },
  })
  expect(made.status).toBe(201)
  return { owner, page, id: made.body.id, made: made.body }
}

describe('the way to the dialog and back', () => {
  test('asks for the permissions with a state, and comes back with a login that is sealed', async () => {
    const person = await cloud.makeUser()
    const dialog = await leave(person)
    expect(dialog.pathname).toBe('/v26.0/dialog/oauth')
    expect(dialog.searchParams.get('redirect_uri')).toBe(`${ctx.config.publicUrl}/connect/facebook/callback`)
    expect(dialog.searchParams.get('scope')?.split(',')).toEqual(allGranted)
    const back = await comeBack(person, dialog.searchParams.get('state') ?? '')
    expect(`${back.pathname}${back.search}`).toBe('/connect?outcome=done')
    const status = await call('GET /api/facebook', { as: person })
    expect(status.body).toMatchObject({ isSetUp: true, login: { name: 'Nora Rossi', missing: [] } })
    const rows = await ctx.db.selectFrom('facebook_login').selectAll().execute()
    expect(JSON.stringify(rows.map((row) => row.token_sealed.toString('latin1')))).not.toContain('long-')
  })

  test('a state works once, and only in the session that set out', async () => {
    const person = await cloud.makeUser()
    const stranger = await cloud.makeUser()
    const state = (await leave(person)).searchParams.get('state') ?? ''
    const outcomes = []
    for (const who of [stranger, null, person, person])
      outcomes.push((await comeBack(who, state)).searchParams.get('outcome'))
    expect(outcomes).toEqual(['stale', 'stale', 'done', 'stale'])
    expect((await comeBack(person, 'invented')).searchParams.get('outcome')).toBe('stale')
  })

  test('whoever cancels, declines or meets an error is told which', async () => {
    const person = await cloud.makeUser()
    const state = async () => (await leave(person)).searchParams.get('state') ?? ''
    const cancelled = whereTo(
      await call('GET /connect/facebook/callback', {
        as: person,
        query: { state: await state(), error: 'access_denied' },
      }),
    )
    expect(cancelled.searchParams.get('outcome')).toBe('cancelled')

    graph.granted = allGranted.filter((name) => name !== 'pages_messaging')
    graph.declined = ['pages_messaging']
    const declined = await comeBack(person, await state())
    expect(Object.fromEntries(declined.searchParams)).toEqual({
      outcome: 'declined',
      missing: 'pages_messaging',
    })

    const used = await comeBack(person, await state(), { code: 'used-before' })
    expect(Object.fromEntries(used.searchParams)).toEqual({ outcome: 'failed', code: 'CL-104' })
  })

  test('without an app at Meta it is said what the operator has to do', async () => {
    const bare = await startTestCloud({}, { facebook: undefined })
    const answer = await bare.call('GET /connect/facebook', { as: await bare.makeUser() })
    expect(answer).toMatchObject({ status: 503, body: { code: 'CL-101' } })
  })
})

describe('the list of pages', () => {
  test('holds all of several result pages and those of businesses, with the reason against each that cannot be used', async () => {
    const person = await cloud.makeUser()
    const pages = [newPage(), newPage(), newPage({ tasks: ['ANALYZE'] })]
    const hidden = newPage({ isHidden: true })
    const tokenless = newPage({ isTokenless: true, tasks: ['MESSAGING', 'MODERATE'] })
    await logIn(person)
    const { body } = await call('GET /api/pages', { as: person })
    const of = (id: string | undefined) => body.rows.find((row) => row.id === id)
    expect(of(pages[0]?.id)).toMatchObject({ usable: true, isAdmin: true, canWall: true, connected: null })
    expect(of(pages[2]?.id)).toMatchObject({
      usable: false,
      reason: { words: expect.stringMatching(/answer messages/) },
    })
    expect(of(hidden.id)).toMatchObject({ usable: true })
    expect(of(tokenless.id)).toMatchObject({
      usable: false,
      reason: { words: expect.stringMatching(/no token/) },
    })
  })

  test('says what is connected already, and by whom', async () => {
    const { owner, page, id } = await connected()
    const other = await cloud.makeUser()
    await logIn(other)
    const seen = async (as: Person) =>
      (await call('GET /api/pages', { as })).body.rows.find((row) => row.id === page.id)?.connected
    expect(await seen(owner)).toMatchObject({ by: 'you', integrationId: id })
    expect(await seen(other)).toMatchObject({ by: 'somebody', integrationId: null })
  })

  test('wants a login, and forgets one that Facebook does not take any more', async () => {
    const person = await cloud.makeUser()
    expect(await call('GET /api/pages', { as: person })).toMatchObject({
      status: 409,
      body: { code: 'CL-103' },
    })
    await logIn(person)
    graph.dead.add('long-218471')
    expect(await call('GET /api/pages', { as: person })).toMatchObject({
      status: 409,
      body: { code: 'CL-103' },
    })
    expect((await call('GET /api/facebook', { as: person })).body.login).toBeNull()
  })
})

describe('binding a page', () => {
  test('asks for the secret, subscribes, and keeps nothing readable', async () => {
    const { page, made, id } = await connected()
    expect(made).toMatchObject({
      state: 'connected',
      page: { id: page.id },
      wallPosts: true,
      target: { accountId: 7, receiveUrl: centre.receiveUrl.split('?')[0] },
    })
    expect(graph.subscriptions.get(page.id)).toEqual(expect.arrayContaining(['messages', 'standby', 'feed']))
    expect(centre.calls).toContain('POST /api/openchannel/accounts/7/secret')
    const row = await ctx.db
      .selectFrom('integration')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const text = JSON.stringify(row, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    )
    for (const secret of ['pbt_good', 'pbk_good', 'whsec_', 'uid-7', `page-${page.id}`])
      expect(text).not.toContain(secret)
    expect(row.uid_digest?.equals(sha256('uid-7'))).toBe(true)
  })

  test('refuses an address, a token and a key that are not good, saying which', async () => {
    const person = await cloud.makeUser()
    await logIn(person)
    const { id: pageId } = newPage()
    const attempt = (fields: object) =>
      call('POST /api/integrations', { as: person, body: { pageId, ...good, ...fields } })
    expect(await attempt({ receiveUrl: 'https://example.com/' })).toMatchObject({ body: { code: 'CL-106' } })
    const wrongToken = centre.receiveUrl.replace('pbt_good', 'pbt_bad')
    expect(await attempt({ receiveUrl: wrongToken })).toMatchObject({
      body: { code: 'CL-107', field: 'receiveUrl' },
    })
    expect(await attempt({ apiKey: 'pbk_unknown' })).toMatchObject({
      body: { code: 'CL-107', field: 'apiKey', sentences: [{ code: 'key-unknown' }] },
    })
    expect(await attempt({ apiKey: 'pbk_narrow' })).toMatchObject({
      body: { code: 'CL-107', detail: expect.stringMatching(/accounts:secret/) },
    })
    expect(await attempt({ apiKey: undefined })).toMatchObject({ status: 400, body: { field: 'apiKey' } })
    expect(await attempt({ pageId: '1' })).toMatchObject({
      body: { code: 'CL-105', sentences: [{ code: 'not-chosen', values: {} }] },
    })
    expect(graph.subscriptions.has(pageId)).toBe(false)
  })

  test('takes an account that takes signed messages alone, and says when our secret is not its own', async () => {
    const person = await cloud.makeUser()
    await logIn(person)
    const { id: pageId } = newPage()
    centre.signedBy = 'whsec_c2VjcmV0'
    const look = async () => (await call('POST /api/targets/check', { as: person, body: good })).body
    expect(await look()).toMatchObject({ ok: true })
    centre.hasSiblings = false
    expect((await look()).checks[0]).toMatchObject({
      ok: true,
      detail: { words: expect.stringContaining('takes signed messages') },
    })
    centre.hasSiblings = true
    const made = await call('POST /api/integrations', { as: person, body: { pageId, ...good } })
    expect(made.status).toBe(201)
    const check = async () =>
      (await call('POST /api/integrations/:id/check', { as: person, params: { id: made.body.id } })).body
        .checks[0]
    expect(await check()).toMatchObject({ name: 'receive-url', ok: true })
    centre.signedBy = 'whsec_b3RoZXIx'
    expect(await check()).toMatchObject({
      ok: false,
      detail: { words: expect.stringContaining('reconnect') },
    })
    const another = { pageId: newPage().id, ...good }
    expect(await call('POST /api/integrations', { as: person, body: another })).toMatchObject({
      body: { code: 'CL-107', field: 'receiveUrl' },
    })
    centre.signedBy = undefined
  })

  test('what is looked at and connected leaves no refusal at the contact centre, whether it takes signed messages alone or not', async () => {
    for (const signedBy of [undefined, 'whsec_c2VjcmV0']) {
      centre.signedBy = signedBy
      centre.refusals = []
      const { owner, id } = await connected()
      await call('POST /api/integrations/:id/check', { as: owner, params: { id } })
      await call('POST /api/targets/check', { as: owner, body: good })
      expect(centre.refusals).toEqual([])
    }
    centre.signedBy = undefined
  })

  test('a contact centre with nothing beside its Receive URL is asked there, and a wrong token is seen there too', async () => {
    centre.hasSiblings = false
    const { owner } = await connected()
    expect(centre.refusals).toContain('400 /api/openchannel/accounts/7/notify')
    const wrong = { ...good, receiveUrl: good.receiveUrl.replace('pbt_good', 'pbt_wrong') }
    const { body } = await call('POST /api/targets/check', { as: owner, body: wrong })
    expect(body.checks.map(({ ok }) => ok)).toEqual([false, true])
    centre.hasSiblings = true
  })

  test('the newest wins, and the older owner is told', async () => {
    const older = await connected()
    const person = await cloud.makeUser({ locale: 'it' })
    await logIn(person)
    const made = await call('POST /api/integrations', {
      as: person,
      body: { pageId: older.page.id, ...good },
    })
    expect(made.status).toBe(201)
    const before = await call('GET /api/integrations/:id', { as: older.owner, params: { id: older.id } })
    expect(before.body).toMatchObject({ state: 'replaced' })
    await expect.poll(async () => (await cloud.mails(older.owner.email)).length, soon).toBe(1)
    const again = await call('POST /api/integrations/:id/reconnect', {
      as: older.owner,
      params: { id: older.id },
    })
    expect(again).toMatchObject({ status: 409, body: { code: 'CL-109' } })
    await call('DELETE /api/integrations/:id', { as: older.owner, params: { id: older.id } })
    expect(graph.subscriptions.has(older.page.id)).toBe(true)
  })

  test('two at once leave one integration of the page', async () => {
    const people = [await cloud.makeUser(), await cloud.makeUser()]
    const page = newPage()
    for (const person of people) await logIn(person)
    const made = await Promise.all(
      people.map((as) => call('POST /api/integrations', { as, body: { pageId: page.id, ...good } })),
    )
    expect(made.map(({ status }) => status)).toEqual([201, 201])
    const states = await Promise.all(
      people.map(async (as) => (await call('GET /api/integrations', { as })).body.rows[0]?.state),
    )
    expect(states.sort()).toEqual(['connected', 'replaced'])
  })

  test('nobody but its owner sees, changes, checks or deletes it', async () => {
    const { id } = await connected()
    const as = await cloud.makeUser()
    const params = { id }
    const answers = [
      await call('GET /api/integrations/:id', { as, params }),
      await call('PATCH /api/integrations/:id', { as, params, body: { paused: true } }),
      await call('POST /api/integrations/:id/check', { as, params }),
      await call('POST /api/integrations/:id/reconnect', { as, params }),
      await call('DELETE /api/integrations/:id', { as, params }),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { code: 'GE-105' } })
    expect((await call('GET /api/integrations', { as })).body.rows).toEqual([])
  })
})

describe('an integration', () => {
  test('is paused and resumed without losing what comes meanwhile, and leaves the wall when told', async () => {
    const { owner, page, id } = await connected()
    const patch = (body: object) => call('PATCH /api/integrations/:id', { as: owner, params: { id }, body })
    expect((await patch({ paused: true })).body.state).toBe('paused')
    expect(graph.subscriptions.get(page.id)).toContain('feed')
    graph.subscriptions.delete(page.id)
    expect((await patch({ paused: false, wallPosts: false })).body).toMatchObject({ state: 'connected' })
    expect(graph.subscriptions.get(page.id)).not.toContain('feed')
    expect(await patch({ version: 1, commentDepth: 1 })).toMatchObject({
      status: 409,
      body: { code: 'GE-104' },
    })
    const elsewhere = centre.receiveUrl.replace('127.0.0.1', 'localhost')
    expect(await patch({ receiveUrl: elsewhere })).toMatchObject({ status: 400, body: { field: 'apiKey' } })
  })

  test('is checked without asking for its secret, each thing that is wrong is named, and a wall that is closed to visitors', async () => {
    const { owner, page, id } = await connected()
    centre.calls = []
    const check = async () => {
      const { body } = await call('POST /api/integrations/:id/check', { as: owner, params: { id } })
      return body.checks.filter(({ ok }) => !ok).map(({ name }) => name)
    }
    expect(await check()).toEqual([])
    expect(centre.calls).not.toContain('POST /api/openchannel/accounts/7/secret')
    graph.wallsClosed.add(page.id)
    const { body: seen } = await call('POST /api/integrations/:id/check', { as: owner, params: { id } })
    expect(seen.ok).toBe(true)
    expect(seen.checks.at(-1)?.detail.sentences.at(-1)?.code).toBe('wall-closed')
    graph.subscriptions.delete(page.id)
    graph.granted = allGranted.filter((name) => name !== 'pages_messaging')
    expect(await check()).toEqual(['permissions', 'subscription'])
    graph.dead.add(`page-${page.id}`)
    expect(await check()).toContain('token')
  })

  test('is reconnected with a new login, and deleted with its subscription', async () => {
    const { owner, page, id } = await connected()
    await ctx.db.updateTable('integration').set({ state: 'reconnect' }).where('id', '=', id).execute()
    graph.subscriptions.delete(page.id)
    const again = await call('POST /api/integrations/:id/reconnect', { as: owner, params: { id } })
    expect(again.body).toMatchObject({ state: 'connected', stateReason: null })
    expect(graph.subscriptions.get(page.id)).toContain('messages')
    expect((await call('DELETE /api/integrations/:id', { as: owner, params: { id } })).status).toBe(204)
    expect(graph.subscriptions.has(page.id)).toBe(false)
  })

  test('whose permissions were taken back at Facebook is reconnected only after the dialog has asked for them again', async () => {
    const { owner, page, id } = await connected()
    const reconnect = () => call('POST /api/integrations/:id/reconnect', { as: owner, params: { id } })
    graph.granted = allGranted.filter((name) => name !== 'pages_messaging')
    const refused = await reconnect()
    expect(refused).toMatchObject({ status: 409, body: { code: 'CL-105', field: 'pageId' } })
    expect(refused.body.detail).toContain('pages_messaging')
    const asked = await call('GET /connect/facebook', { as: owner, query: { again: true } })
    const dialog = whereTo(asked)
    expect(dialog.searchParams.get('auth_type')).toBe('rerequest')
    expect((await leave(owner)).searchParams.get('auth_type')).toBeNull()
    graph.granted = [...allGranted]
    const back = await comeBack(owner, dialog.searchParams.get('state') ?? '')
    expect(back.searchParams.get('outcome')).toBe('done')
    expect((await reconnect()).body).toMatchObject({
      state: 'connected',
      page: { id: page.id },
      health: { missingPermissions: [] },
    })
  })

  test('goes with a user who leaves', async () => {
    const owner = await cloud.makeUser({ password: 'a-harbour-of-kites' })
    const { page } = await connected({}, owner)
    const left = await call('DELETE /api/me', { as: owner, body: { password: 'a-harbour-of-kites' } })
    expect(left.status).toBe(204)
    expect(graph.subscriptions.has(page.id)).toBe(false)
    const rows = await ctx.db.selectFrom('integration').where('page_id', '=', page.id).selectAll().execute()
    expect(rows).toEqual([])
  })
})
