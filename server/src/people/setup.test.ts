/** The first admin, and that there is only one first. */
import { Secret } from '@patchbay/kit/config.ts'
import type { Me } from '@patchbay/protocol/api/session.ts'
import { beforeEach, describe, expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'
import { prepareSignIn } from './first-sign-in.ts'
import { openSetup } from './setup.ts'

const server = await startTestServer()
const { call, ctx } = server
const password = 'correct horse battery'
const setUp = (code: string, email: string) =>
  call('POST /api/setup', { as: null, body: { code, email, password } })
const isOpen = async (code: string) => (await call('GET /api/setup', { as: null, query: { code } })).body.open
const countUsers = async () => (await ctx.pool.query('select from app_user')).rowCount

beforeEach(async () => {
  await ctx.pool.query('delete from app_user')
})

describe('the set-up link', () => {
  test('makes an admin who is signed in, and closes', async () => {
    const line = await prepareSignIn(ctx)
    const code = new URL(line.replace(/^\D+ (?=http)/, '')).searchParams.get('code') ?? ''
    expect(await isOpen(code)).toBe(true)
    const { status, body, headers } = await setUp(code, 'first@example.com')
    expect(status).toBe(201)
    expect(body).toMatchObject({ email: 'first@example.com', name: 'first', role: 'admin' })
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await call('GET /api/me', { as: { headers: { cookie } } })).body.id).toBe(body.id)
    expect(await isOpen(code)).toBe(false)
    expect((await setUp(code, 'second@example.com')).body.code).toBe('AU-103')
    expect(await openSetup(ctx.db)).toBeUndefined()
    expect(await prepareSignIn(ctx)).not.toContain('http')
  })

  test('of an earlier start is worth nothing, nor is a guess', async () => {
    const [first, second] = [(await openSetup(ctx.db)) ?? '', (await openSetup(ctx.db)) ?? '']
    expect([await isOpen(first), await isOpen(second), await isOpen('')]).toEqual([false, true, false])
    expect((await setUp(first, 'old@example.com')).body.code).toBe('AU-103')
    expect(await countUsers()).toBe(0)
  })

  test('opened by two at the same moment makes one admin', async () => {
    const code = (await openSetup(ctx.db)) ?? ''
    const answers = await Promise.all([1, 2, 3].map((number) => setUp(code, `racer${number}@example.com`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401])
    expect(await countUsers()).toBe(1)
  })

  test('asks for a good password', async () => {
    const code = (await openSetup(ctx.db)) ?? ''
    const answer = await call('POST /api/setup', {
      as: null,
      body: { code, email: 'a@b.example', password: 'password1234' },
    })
    expect([answer.status, answer.body.field]).toEqual([400, 'password'])
    expect(await isOpen(code)).toBe(true)
  })
})

describe('ADMIN_EMAIL and ADMIN_PASSWORD', () => {
  const withAdmin = (email: string) => ({
    ...ctx,
    config: { ...ctx.config, admin: { email, password: new Secret(password) } },
  })

  test('make the first admin, once, also when two nodes start together', async () => {
    const lines = await Promise.all([1, 2].map(() => prepareSignIn(withAdmin('env@example.com'))))
    expect(lines).toEqual(['Sign in as env@example.com', 'Sign in as env@example.com'])
    expect(await countUsers()).toBe(1)
    const { status, body } = await call('POST /api/session', {
      as: null,
      body: { email: 'env@example.com', password },
    })
    expect([status, (body as Me).role]).toEqual([200, 'admin'])
  })

  test('change nothing where there is an admin', async () => {
    await prepareSignIn(withAdmin('env@example.com'))
    await prepareSignIn(withAdmin('other@example.com'))
    expect(await countUsers()).toBe(1)
  })
})
