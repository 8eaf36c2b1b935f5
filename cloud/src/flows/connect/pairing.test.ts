/** Pairing by a code: a contact centre waits, and a user of the cloud enters what its admin read out. */
import { sha256 } from '@patchbay/kit/crypto.ts'
import { expect, test } from 'vitest'
import { startCentreDouble } from '../../centre-testing.ts'
import { startGraphDouble } from '../../graph-testing.ts'
import { type Person, startTestCloud } from '../../testing.ts'

const graph = await startGraphDouble()
const centre = await startCentreDouble()
const cloud = await startTestCloud({ FACEBOOK_GRAPH_URL: graph.url, FACEBOOK_DIALOG_URL: graph.url })
const { call, ctx } = cloud
let count = 0

const pairingOf = (code: string, fields: object = {}) => ({
  codeDigest: sha256(code).toString('hex'),
  receiveUrl: centre.receiveUrl,
  apiKey: 'pbk_good',
  secret: 'whsec_c2VjcmV0',
  uid: 'uid-7',
  serverName: 'Desk of Rossi',
  ...fields,
})
const offer = (code: string, fields: object = {}) =>
  call('POST /api/pairings', { body: pairingOf(code, fields) })

async function person(): Promise<{ as: Person; pageId: string }> {
  const as = await cloud.makeUser()
  const dialog = await call('GET /connect/facebook', { as })
  const state = new URL(dialog.headers.get('location') ?? '').searchParams.get('state') ?? ''
  graph.codes.add('code')
  await call('GET /connect/facebook/callback', { as, query: { code: 'code', state } })
  const pageId = String(700_000 + ++count)
  graph.pages.push({ id: pageId, name: 'A page' })
  return { as, pageId }
}

test('the code shows whose it is as often as one looks, and binds once', async () => {
  const { as, pageId } = await person()
  expect((await offer('ABCD1234')).status).toBe(201)
  for (const pairingCode of ['ABCD1234', 'abcd-I234', ' abcd l2 34'])
    expect(await call('POST /api/pairings/look', { as, body: { pairingCode } })).toMatchObject({
      status: 200,
      body: { serverName: 'Desk of Rossi', host: centre.host },
    })
  const bind = () => call('POST /api/integrations', { as, body: { pageId, pairingCode: 'ABCD1234' } })
  expect(await bind()).toMatchObject({
    status: 201,
    body: { target: { serverName: 'Desk of Rossi', accountId: 7 } },
  })
  expect(await bind()).toMatchObject({ status: 403, body: { code: 'CL-108' } })
})

test('a page that cannot be connected leaves the code as it was', async () => {
  const { as, pageId } = await person()
  await offer('EFGH2345')
  const bind = (id: string) =>
    call('POST /api/integrations', { as, body: { pageId: id, pairingCode: 'EFGH2345' } })
  expect((await bind('1')).body.code).toBe('CL-105')
  centre.keys.delete('pbk_good')
  expect((await bind(pageId)).body.code).toBe('CL-107')
  centre.keys.set('pbk_good', ['attachments', 'accounts:secret'])
  expect((await bind(pageId)).status).toBe(201)
})

test('of two who enter one code at once, one is bound', async () => {
  const [one, other] = [await person(), await person()]
  await offer('JKMN3456')
  const made = await Promise.all(
    [one, other].map(({ as, pageId }) =>
      call('POST /api/integrations', { as, body: { pageId, pairingCode: 'JKMN3456' } }),
    ),
  )
  expect(made.map(({ status }) => status).sort()).toEqual([201, 403])
})

test('a code lives ten minutes, and what waits under it cannot be read or replaced', async () => {
  const { as } = await person()
  await offer('PQRS4567')
  expect((await offer('PQRS4567', { receiveUrl: centre.receiveUrl.replace('7', '8') })).status).toBe(409)
  const rows = await ctx.db.selectFrom('pairing').selectAll().execute()
  expect(rows.map((row) => row.target_sealed.toString('latin1')).join()).not.toMatch(/pbk_|pbt_|whsec_/)
  await ctx.db.updateTable('pairing').set({ expires_at: new Date() }).execute()
  const body = { pairingCode: 'PQRS4567' }
  expect(await call('POST /api/pairings/look', { as, body })).toMatchObject({ status: 403 })
})

test('five wrong codes are all that one gets', async () => {
  const { as } = await person()
  const statuses = []
  for (let n = 0; n < 6; n++) {
    const body = { pairingCode: `0000000${n}` }
    statuses.push((await call('POST /api/pairings/look', { as, body })).status)
  }
  expect(statuses).toEqual([403, 403, 403, 403, 403, 429])
})

test('what no contact centre could be is not kept', async () => {
  const answer = await offer('TVWX5678', { receiveUrl: 'https://example.com/notify' })
  expect(answer).toMatchObject({ status: 400, body: { code: 'CL-106' } })
})
