/** Tokens: how they are told apart, how they die, and how a call proves that it knows the secret. */
import { beforeAll, expect, test } from 'vitest'
import { ids, logIn, pageTokens, type Started, startBox } from '../testing.ts'
import { proofOf } from './tokens.ts'

let box: Started
beforeAll(async () => {
  box = await startBox()
})
const appToken = () => `${box.app.id}|${box.app.secret}`
const debug = async (token: string) =>
  (await box.graph('GET', 'debug_token', { input_token: token, access_token: appToken() })).body.data

test('the proof is the published one, with and without a time', () => {
  const secret = '0123456789abcdef0123456789abcdef'
  expect(proofOf(secret, 'EAAB-test-token')).toBe(
    'a6024693394a23e652049c7c3571712892f80c08425a659c3fdb161563eefa4f',
  )
  expect(proofOf(secret, 'EAAB-test-token', 1698637601)).toBe(
    '4acd0270a4237c941c18581d8cf80580c9a9e8dc097ccb3834c3d9c3725c0f5d',
  )
})

test('a token is taken from the address, a form, a JSON body and a header', async () => {
  const token = await logIn(box)
  const page = (await pageTokens(box, token)).get(ids.bikes) ?? ''
  const url = `${box.origin}/me`
  expect((await fetch(`${url}?access_token=${token}`)).status).toBe(200)
  expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
  const post = (body: URLSearchParams | string, type?: string) =>
    fetch(`${box.origin}/v25.0/${ids.bikes}/subscribed_apps`, {
      method: 'POST',
      body,
      ...(type && { headers: { 'content-type': type } }),
    })
  expect((await post(new URLSearchParams({ access_token: page, subscribed_fields: 'feed' }))).status).toBe(
    200,
  )
  const json = JSON.stringify({ access_token: page, subscribed_fields: ['feed', 'messages'] })
  expect((await post(json, 'application/json')).status).toBe(200)
  const none = await box.graph('GET', 'me')
  expect(none.body.error).toMatchObject({ code: 104, type: 'OAuthException' })
  expect(none.body.error.fbtrace_id).toMatch(/^A/)
})

test('debug_token tells user and page tokens apart, and when they end', async () => {
  const token = await logIn(box)
  const page = (await pageTokens(box, token)).get(ids.bikes) ?? ''
  const user = await debug(token)
  expect(user).toMatchObject({ app_id: box.app.id, type: 'USER', is_valid: true })
  expect(user.expires_at - user.issued_at).toBe(5_183_944)
  expect(await debug(page)).toMatchObject({ type: 'PAGE', profile_id: ids.bikes, expires_at: 0 })
  expect(await debug('EAAnothing')).toMatchObject({ is_valid: false, error: { code: 190 } })
})

test('a user token expires with 190/463, the page tokens of it live on', async () => {
  const token = await logIn(box)
  const page = (await pageTokens(box, token)).get(ids.bikes) ?? ''
  await box.control('clock/advance', { ms: 61 * 86_400_000 })
  const expired = await box.graph('GET', 'me', { access_token: token })
  expect(expired.status).toBe(400)
  expect(expired.body.error).toMatchObject({ code: 190, error_subcode: 463 })
  expect(await debug(token)).toMatchObject({ is_valid: false })
  expect((await box.graph('GET', 'me', { access_token: page })).body.name).toBe('Nord Bikes')
})

test.each([460, 463])('a token that was revoked is refused with 190/%i', async (subcode) => {
  const token = await logIn(box)
  await box.control('world/revoke-tokens', { person: ids.anna, subcode })
  const { body } = await box.graph('GET', 'me', { access_token: token })
  expect(body.error).toMatchObject({ code: 190, error_subcode: subcode })
})

test('who lost the role, and who took the app back, has tokens no more', async () => {
  const token = await logIn(box)
  const page = (await pageTokens(box, token)).get(ids.coffee) ?? ''
  await box.control('world/role', { person: ids.anna, page: ids.coffee, tasks: [] })
  expect((await box.graph('GET', 'me', { access_token: page })).body.error).toMatchObject({
    code: 190,
    error_subcode: 492,
  })
  await box.graph('DELETE', 'me/permissions', { access_token: token })
  expect((await box.graph('GET', 'me', { access_token: token })).body.error).toMatchObject({
    code: 190,
    error_subcode: 458,
  })
})

test('an app that wants proofs gets none of its calls through without one that is fresh and right', async () => {
  const own = await startBox()
  await own.control('world/app', { id: own.app.id, needsProof: true })
  const token = `${own.app.id}|${own.app.secret}`
  const call = (given: object = {}) => own.graph('GET', own.app.id, { access_token: token, ...given })
  expect((await call()).body.error).toMatchObject({ code: 100 })
  expect((await call({ appsecret_proof: 'wrong' })).body.error).toMatchObject({ code: 100 })
  expect((await call({ appsecret_proof: proofOf(own.app.secret, token) })).status).toBe(200)
  const now = Math.floor(own.box.clock.now() / 1000)
  const at = (time: number) => ({
    appsecret_time: time,
    appsecret_proof: proofOf(own.app.secret, token, time),
  })
  expect((await call(at(now))).status).toBe(200)
  expect((await call(at(now - 400))).body.error).toMatchObject({ code: 100 })
})

test('the status of an error can be another', async () => {
  await box.control('switches/set', { statusOf: { '190': 401 } })
  expect((await box.graph('GET', 'me', { access_token: 'EAAnothing' })).status).toBe(401)
  await box.control('switches/set', { statusOf: {} })
})
