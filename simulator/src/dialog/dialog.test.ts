/** Logging in: the dialog, its refusals, and what codes and tokens are good for. */
import { beforeAll, expect, test } from 'vitest'
import {
  decide,
  ids,
  logIn,
  pageTokens,
  redirectUri,
  type Started,
  startBox,
  wholeScope,
} from '../testing.ts'

let box: Started
beforeAll(async () => {
  box = await startBox()
})

const open = (query: Record<string, string>) =>
  fetch(`${box.origin}/v26.0/dialog/oauth?${new URLSearchParams(query)}`, { redirect: 'manual' })

const exchange = (code: string | null, given: object = {}) =>
  box.graph('GET', 'oauth/access_token', {
    client_id: box.app.id,
    client_secret: box.app.secret,
    redirect_uri: redirectUri,
    code,
    ...given,
  })

const usual = () => ({ client_id: box.app.id, redirect_uri: redirectUri, scope: wholeScope })

test('the dialog asks who one is, then which pages and permissions', async () => {
  const people = await open(usual())
  expect(people.status).toBe(200)
  expect(await people.text()).toContain('Anna Berg')
  const pages = await (await open({ ...usual(), person: ids.anna })).text()
  expect(pages).toContain('Nord Bikes')
  expect(pages).toContain('pages_manage_engagement')
  expect(pages).toContain('This is a simulator')
})

test.each([
  ['another path', { redirect_uri: 'https://cloud.example.com/facebook/other?from=dialog' }],
  ['another query', { redirect_uri: 'https://cloud.example.com/facebook/return' }],
  ['an unknown app', { client_id: '1' }],
  ['an unknown answer', { response_type: 'everything' }],
  ['an unknown configuration', { config_id: '1' }],
])('the dialog does not return to the app with %s', async (_what, query) => {
  const answer = await open({ ...usual(), ...query })
  expect(answer.status).toBe(400)
  expect(answer.headers.get('location')).toBeNull()
})

test('the browser returns with code, state and the fragment that is asked of nobody', async () => {
  const back = await decide(box, { query: { response_type: 'code,granted_scopes' } })
  expect(back.origin + back.pathname).toBe('https://cloud.example.com/facebook/return')
  expect(back.searchParams.get('from')).toBe('dialog')
  expect(back.searchParams.get('state')).toBe('some state')
  expect(back.searchParams.get('granted_scopes')).toContain('pages_messaging')
  expect(back.hash).toBe('#_=_')
})

test('a cancelled dialog returns with the refusal', async () => {
  const { searchParams } = await decide(box, { decision: 'cancel' })
  expect(Object.fromEntries(searchParams)).toMatchObject({
    error: 'access_denied',
    error_reason: 'user_denied',
    error_description: 'Permissions error.',
    state: 'some state',
  })
})

test('a code works once, for the same address, and for ten minutes', async () => {
  const code = (await decide(box)).searchParams.get('code')
  const other = await exchange(code, { redirect_uri: `${redirectUri}&more=1` })
  expect(other.body.error).toMatchObject({ code: 100, error_subcode: 36008, type: 'OAuthException' })
  const first = await exchange(code)
  expect(first.body).toMatchObject({ token_type: 'bearer', expires_in: 7200 })
  const again = await exchange(code)
  expect(again.status).toBe(400)
  expect(again.body.error).toMatchObject({
    message: 'This authorization code has been used.',
    code: 100,
    error_subcode: 36009,
  })
  expect(again.headers.get('www-authenticate')).toContain('OAuth "Facebook Platform"')

  const late = (await decide(box)).searchParams.get('code')
  await box.control('clock/advance', { ms: 11 * 60_000 })
  expect((await exchange(late)).body.error).toMatchObject({ code: 100, error_subcode: 36007 })
})

test('an unknown app and a wrong secret are refused each in their way', async () => {
  const code = (await decide(box)).searchParams.get('code')
  expect((await exchange(code, { client_id: '99' })).body.error).toMatchObject({ code: 101 })
  expect((await exchange(code, { client_secret: 'wrong' })).body.error).toMatchObject({ code: 1 })
})

test('permissions that were unticked are declined, and asked again on request alone', async () => {
  const given = { person: ids.luca, pages: [ids.bikes], permissions: ['pages_show_list'] }
  const token = await logIn(box, given)
  const { body } = await box.graph('GET', 'me/permissions', { access_token: token })
  expect(body.data).toContainEqual({ permission: 'pages_show_list', status: 'granted' })
  expect(body.data).toContainEqual({ permission: 'pages_messaging', status: 'declined' })

  const shown = { ...usual(), person: ids.luca }
  expect(await (await open(shown)).text()).not.toContain('value="pages_messaging"')
  expect(await (await open({ ...shown, auth_type: 'rerequest' })).text()).toContain('value="pages_messaging"')
})

test('who asks is shown with the id of the app, and his pages come in pieces until there is no next', async () => {
  const token = await logIn(box)
  const me = await box.graph('GET', 'me', { access_token: token, fields: 'id,name' })
  expect(me.body.name).toBe('Anna Berg')
  expect(me.body.id).not.toBe(ids.anna)

  const names: string[] = []
  const asked = new URL(`${box.origin}/v26.0/me/accounts?limit=1&fields=id,name,access_token,tasks`)
  asked.searchParams.set('access_token', token)
  let next: string | undefined = asked.href
  for (let pieces = 0; next && pieces < 5; pieces++) {
    const body = JSON.parse(await (await fetch(next)).text())
    for (const { name, tasks, access_token } of body.data) {
      names.push(name)
      expect(tasks).toContain('MODERATE')
      expect(access_token).toMatch(/^EAA/)
    }
    expect(body.paging.cursors.after).toBeTruthy()
    next = body.paging.next
  }
  expect(names).toEqual(['Nord Bikes', 'Nord Coffee', 'Harbour Books'])
})

test('only ticked pages are listed, each with the same token as before, another one per page', async () => {
  const first = await pageTokens(box, await logIn(box))
  const second = await pageTokens(box, await logIn(box, { pages: [ids.coffee] }))
  expect([...second.keys()]).toEqual([ids.coffee])
  expect(second.get(ids.coffee)).toBe(first.get(ids.coffee))
  expect(new Set(first.values()).size).toBe(3)
})

test('a page of a business shows only with business_management, but its id stands in debug_token', async () => {
  const { id } = await box.control('world/page', { name: 'Owned', isBusinessOwned: true })
  await box.control('world/role', { person: ids.anna, page: id, tasks: ['MESSAGING', 'MODERATE', 'MANAGE'] })
  const token = await logIn(box, { pages: [id] })
  expect((await pageTokens(box, token)).size).toBe(0)
  const debug = await box.graph('GET', 'debug_token', {
    input_token: token,
    access_token: `${box.app.id}|${box.app.secret}`,
  })
  expect(debug.body.data.granular_scopes).toContainEqual({ scope: 'pages_messaging', target_ids: [id] })
  const page = await box.graph('GET', id, { access_token: token, fields: 'id,name,access_token,tasks' })
  expect(page.body).toMatchObject({ name: 'Owned', tasks: ['MESSAGING', 'MODERATE', 'MANAGE'] })
  const more = await logIn(box, { pages: [id], scope: `${wholeScope},business_management` })
  expect((await pageTokens(box, more)).size).toBe(1)
})

test('a configuration stands for its permissions', async () => {
  await box.control('world/app', { id: box.app.id, configurations: { '77': ['pages_show_list', 'email'] } })
  const html = await (
    await open({ client_id: box.app.id, redirect_uri: redirectUri, config_id: '77', person: ids.anna })
  ).text()
  expect(html).toContain('value="email"')
  expect(html).not.toContain('value="pages_messaging"')
})
