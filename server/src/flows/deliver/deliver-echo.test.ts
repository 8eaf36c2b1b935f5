import { expect, test } from 'vitest'
import { testDesk, until } from '../reply/reply-testing.ts'

// Nothing private may be called.
const desk = await testDesk({ outboundAllow: { hosts: new Set(), networks: [] } })
const { server } = desk
const { db } = server.ctx

async function answerFrom(
  replyUrl: string,
): Promise<{ accountId: number; status: string; reason: string | null }> {
  const { account, agent } = await desk.open('https://example.com/reply')
  const params = { id: account.id }
  const { echoUrl = '' } = (await server.call('GET /api/openchannel/accounts/:id', { params })).body
  await server.call('PATCH /api/openchannel/accounts/:id', {
    params,
    body: { replyUrl: replyUrl === 'echo' ? echoUrl : replyUrl === 'near echo' ? `${echoUrl}?x` : replyUrl },
  })
  const { body } = await server.call('POST /api/openchannel/messages', {
    as: agent,
    body: { OpenchannelInteractionId: await desk.write(account), body: 'Is anybody there?' },
  })
  const read = () => db.selectFrom('message').selectAll().where('id', '=', body.id).executeTakeFirstOrThrow()
  await until(async () => (await read()).status !== 'queued')
  const { status, status_reason: reason } = await read()
  return { accountId: account.id, status, reason }
}

test('the built-in echo receiver takes answers although its address is private', async () => {
  const { accountId, status } = await answerFrom('echo')
  expect(status).toBe('sent')
  const { rows } = (
    await server.call('GET /api/openchannel/accounts/:id/echoes', { params: { id: accountId } })
  ).body
  expect(JSON.parse(rows[0]?.body ?? '{}')).toMatchObject({ body: 'Is anybody there?' })
})

test('an address that is nearly the echo receiver’s, or another private one, is a final failure in words', async () => {
  for (const url of ['near echo', `${server.url}/elsewhere`, 'http://169.254.169.254/latest']) {
    const { status, reason } = await answerFrom(url)
    expect([status, reason]).toEqual(['failed', expect.stringMatching(/may not be called from here/)])
  }
})
