/** API keys: shown once, never wider than who made them, replaced without a gap. */
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, ctx, admin } = server
const withKey = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })

describe('a key', () => {
  test('is shown once, recognisable by its start, and kept as a digest', async () => {
    const { status, body } = await call('POST /api/keys', { body: { name: 'CRM' } })
    expect(status).toBe(201)
    expect(body.key).toMatch(/^pbk_[0-9a-z]{32}$/)
    expect(body).toMatchObject({ start: body.key.slice(0, 8), last4: body.key.slice(-4), scopes: null })
    const listed = await call('GET /api/keys')
    expect(JSON.stringify(listed.body)).not.toContain(body.key)
    const { rows } = await ctx.pool.query(
      'select api_key::text as row from api_key union all select audit_entry::text from audit_entry',
    )
    expect(JSON.stringify(rows)).not.toContain(body.key)
  })

  test('has the rights of its user and no more', async () => {
    const agent = await server.makeUser('agent')
    const { body } = await call('POST /api/keys', { as: agent, body: { name: 'script' } })
    expect((await call('GET /api/me', { as: withKey(body.key) })).body.id).toBe(agent.id)
    expect(
      (await call('GET /api/users/:id', { as: withKey(body.key), params: { id: admin.id } })).status,
    ).toBe(403)
  })

  test('with scopes cannot make one with others, not by rotating either', async () => {
    const scoped = await server.makeKey(admin, ['admin', 'notify'])
    const make = (scopes?: string[] | null) =>
      call('POST /api/keys', { as: scoped, body: { name: 'child', ...(scopes !== undefined && { scopes }) } })
    expect([(await make()).status, (await make(null)).status, (await make(['contacts'])).status]).toEqual([
      403, 403, 403,
    ])
    expect((await make(['notify'])).status).toBe(201)
    const whole = await server.makeKey(admin)
    const rotated = await call('POST /api/keys/:id/rotate', {
      as: scoped,
      params: { id: whole.id },
      body: {},
    })
    expect(rotated.status).toBe(403)
  })

  test('of another is seen, replaced and revoked by admins alone', async () => {
    const [agent, other] = [await server.makeUser('agent'), await server.makeUser('agent')]
    const { id } = await server.makeKey(agent)
    const idsOf = async (as: typeof agent) =>
      (await call('GET /api/keys', { as })).body.rows.map((key) => key.id)
    expect(await idsOf(agent)).toEqual([id])
    expect(await idsOf(other)).toEqual([])
    expect((await call('DELETE /api/keys/:id', { as: other, params: { id } })).status).toBe(404)
    expect((await call('DELETE /api/keys/:id', { as: admin, params: { id } })).status).toBe(204)
  })

  test('with an end works until then', async () => {
    const past = await call('POST /api/keys', {
      body: { name: 'late', expiresAt: '2020-01-01T00:00:00.000Z' },
    })
    expect([past.status, past.body.field]).toEqual([400, 'expiresAt'])
    const expiresAt = new Date(Date.now() + 3_000).toISOString()
    const { body } = await call('POST /api/keys', { body: { name: 'short', expiresAt } })
    expect((await call('GET /api/me', { as: withKey(body.key) })).status).toBe(200)
    await expect.poll(async () => (await call('GET /api/me', { as: withKey(body.key) })).status).toBe(401)
  })
})

test('a rotated key and its successor both work while they overlap', async () => {
  const { body: old } = await call('POST /api/keys', {
    body: { name: 'rotating', scopes: ['interactions:read'] },
  })
  const { status, body: next } = await call('POST /api/keys/:id/rotate', {
    params: { id: old.id },
    body: { overlapSeconds: 60 },
  })
  expect(status).toBe(201)
  expect(next).toMatchObject({ name: 'rotating', scopes: ['interactions:read'] })
  for (const key of [old.key, next.key])
    expect((await call('GET /api/me', { as: withKey(key) })).status).toBe(200)
  const { rows } = (await call('GET /api/keys')).body
  const left = Date.parse(rows.find(({ id }) => id === old.id)?.expiresAt ?? '') - Date.now()
  expect(left).toBeGreaterThan(50_000)
  expect(left).toBeLessThanOrEqual(60_000)
})
