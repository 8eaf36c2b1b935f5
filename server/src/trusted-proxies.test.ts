/** Whose address counts behind a proxy, and that nobody chooses his own by a header. */
import { describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './testing.ts'

const password = 'correct horse battery'

/** As a proxy passes it on; the tests themselves come from 127.0.0.1. */
function through({ url }: TestServer, forwarded: string) {
  return (path: string, body: object) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': forwarded },
      body: JSON.stringify(body),
    })
}

async function signedInFrom(server: TestServer, email: string, forwarded: string): Promise<string | null> {
  await server.call('POST /api/users', { body: { email, password } })
  const { status } = await through(server, forwarded)('/api/session', { email, password })
  expect(status).toBe(200)
  const entry = await server.ctx.db
    .selectFrom('audit_entry')
    .select('address')
    .where('action', '=', 'signed-in')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  return entry.address
}

/** How many requests for mails are taken from one address, each for somebody else. */
async function takenFrom(server: TestServer, addressOf: (time: number) => string): Promise<number> {
  let taken = 0
  for (let time = 0; time < 25; time++) {
    const ask = through(server, addressOf(time))
    const { status } = await ask('/api/password-resets', { email: `x${Math.random()}@example.com` })
    if (status === 202) taken++
    else expect(status).toBe(429)
  }
  return taken
}

describe('behind a proxy in TRUSTED_PROXIES', async () => {
  const server = await startTestServer({ trustedProxies: ['127.0.0.0/8'] })

  test('the audit log names the caller, and what he wrote before the proxy is not believed', async () => {
    expect(await signedInFrom(server, 'a@example.com', '203.0.113.9')).toBe('203.0.113.9')
    expect(await signedInFrom(server, 'b@example.com', '198.51.100.1, 203.0.113.9')).toBe('203.0.113.9')
  })

  test('callers are throttled one by one', async () => {
    expect(await takenFrom(server, () => '203.0.113.20')).toBe(20)
    expect(await takenFrom(server, (time) => `203.0.114.${time}`)).toBe(25)
  })

  test('a caller does not escape by writing other addresses before his own', async () => {
    expect(await takenFrom(server, (time) => `198.51.100.${time}, 203.0.113.21`)).toBe(20)
  })
})

describe('without TRUSTED_PROXIES', async () => {
  const server = await startTestServer()

  test('X-Forwarded-For is ignored in the audit log', async () => {
    expect(await signedInFrom(server, 'a@example.com', '203.0.113.9')).toBe('127.0.0.1')
  })

  test('X-Forwarded-For does not get anybody past the throttle', async () => {
    expect(await takenFrom(server, (time) => `203.0.113.${time}`)).toBe(20)
  })
})
