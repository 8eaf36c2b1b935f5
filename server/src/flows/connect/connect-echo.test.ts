import { expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'

const server = await startTestServer({ outboundAllow: { hosts: new Set(), networks: [] } })
const { call } = server

test('the echo receiver is reached where no private address may be called, and nothing else on our origin is', async () => {
  const { body: account } = await call('POST /api/openchannel/accounts', { body: { name: 'Shop' } })
  const params = { id: account.id }
  const echoUrl = account.echoUrl ?? ''
  const tryReply = async (replyUrl: string) =>
    (await call('POST /api/openchannel/accounts/:id/try-reply', { params, body: { replyUrl } })).body
  expect(await tryReply(echoUrl)).toMatchObject({ ok: true, status: 200 })
  const { body: echoes } = await call('GET /api/openchannel/accounts/:id/echoes', { params })
  expect(echoes.rows).toHaveLength(1)
  expect(JSON.parse(echoes.rows[0]?.body ?? '')).toMatchObject({ OpenchannelAccountId: account.id })
  for (const url of [`${echoUrl}x`, new URL('/healthz', echoUrl).href, account.receiveUrl ?? ''])
    expect(await tryReply(url), url).toMatchObject({ ok: false, diagnosis: 'blocked-address' })
})
