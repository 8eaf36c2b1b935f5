/** Sessions over the whole program: what ends them, how fast their sockets follow, and what of them is kept. */
import { hashPassword } from '@patchbay/kit/password.ts'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { createDesk } from '../flows/desk/testing.ts'
import { type Person, SECOND_MS, startTestServer } from '../testing.ts'

const server = await startTestServer()
const another = await server.another()
const { call, ctx } = server
const password = 'correct horse battery'
const passwordHash = await hashPassword(password)

async function makeUser(): Promise<Person> {
  const person = await server.makeUser('agent')
  await ctx.db
    .updateTable('app_user')
    .set({ password_hash: passwordHash })
    .where('id', '=', person.id)
    .execute()
  return person
}

async function signIn({ email }: { email: string }, as: Person | null = null): Promise<Person['headers']> {
  const answer = await call('POST /api/session', { as, body: { email, password } })
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  return { cookie, origin: server.url }
}

const statusOf = async (headers: Record<string, string>) =>
  (await call('GET /api/me', { as: { headers } })).status

describe('a new password', () => {
  test.each(['himself', 'an admin'])(
    'set by %s ends the other sessions and their sockets on every node within a second',
    async (who) => {
      const person = await makeUser()
      const [own, other] = [await signIn(person), await signIn(person)]
      const { key, headers: byKey } = await server.makeKey(person)
      const elsewhere: Person = { ...person, headers: other, cookie: other.cookie ?? '' }
      const desks = [createDesk(server, elsewhere), createDesk(another, elsewhere)]
      await Promise.all(desks.map((desk) => desk.connect()))
      const from = performance.now()
      const next = 'another battery staple'
      const changed =
        who === 'himself'
          ? await call('PATCH /api/me', {
              as: { headers: own },
              body: { password: next, currentPassword: password },
            })
          : await call('PATCH /api/users/:id', { params: { id: person.id }, body: { password: next } })
      expect(changed.status).toBe(200)
      // Hashing the new password is part of the call, and not of the second.
      const answeredAt = performance.now()
      expect(await Promise.all(desks.map(({ closed }) => closed))).toEqual([4001, 4001])
      expect(performance.now() - Math.max(from, answeredAt)).toBeLessThan(SECOND_MS)
      expect(await statusOf(other)).toBe(401)
      expect(await statusOf(own)).toBe(who === 'himself' ? 200 : 401)
      // A key is another credential, and is revoked by itself.
      expect(key).toMatch(/^pbk_/)
      expect(await statusOf(byKey)).toBe(200)
    },
  )
})

test('signing in makes another session, and a session that somebody else chose is never taken up', async () => {
  const person = await makeUser()
  const first = await signIn(person)
  const chosen = { cookie: `${ctx.gatekeeper.cookie.name}=pbs_${'a'.repeat(32)}`, origin: server.url }
  const answer = await call('POST /api/session', {
    as: { headers: chosen },
    body: { email: person.email, password },
  })
  expect(answer.headers.get('set-cookie')).not.toContain('a'.repeat(32))
  expect(await statusOf(chosen)).toBe(401)
  const again = await signIn(person, { ...person, headers: first })
  expect(again.cookie).not.toBe(first.cookie)
  expect([await statusOf(first), await statusOf(again)]).toEqual([401, 200])
})

test('of sessions, keys, tokens and passwords nothing is kept by which one could come in', async () => {
  const person = await makeUser()
  const { cookie = '' } = await signIn(person)
  const { key } = await server.makeKey(person)
  const account = await server.makeAccount()
  const { body } = await call('POST /api/openchannel/accounts/:id/secret', {
    params: { id: account.id },
    body: {},
  })
  const secrets = [cookie.split('=')[1] ?? '', key, account.token, body.secret, password]
  for (const [index, prefix] of ['pbs_', 'pbk_', 'pbt_', 'whsec_'].entries())
    expect(secrets[index]?.startsWith(prefix)).toBe(true)
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(
    ctx.db,
  )
  expect(tables.length).toBeGreaterThan(20)
  for (const { name } of tables) {
    const { rows } = await sql`select to_jsonb(t) as row from ${sql.table(name)} t`.execute(ctx.db)
    const text = JSON.stringify(rows)
    for (const secret of secrets)
      for (const kept of [
        secret,
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret).toString('base64'),
      ])
        expect({ name, secret: secret.slice(0, 6), kept: text.includes(kept) }).toEqual({
          name,
          secret: secret.slice(0, 6),
          kept: false,
        })
  }
})

test('an unknown user takes as long as a wrong password', { timeout: 180_000 }, async () => {
  const known = await Promise.all(Array.from({ length: 9 }, makeUser))
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  // By turns, so that whatever else the machine does meets both.
  for (const [n, { email }] of known.entries())
    for (const [who, name] of [
      ['known', email],
      ['unknown', `nobody${n}@example.com`],
    ] as const) {
      const from = performance.now()
      const { status } = await call('POST /api/session', {
        as: null,
        body: { email: name, password: 'wrong' },
      })
      times[who].push(performance.now() - from)
      expect(status).toBe(401)
    }
  const median = (all: number[]): number => all.toSorted((a, b) => a - b)[4] ?? 0
  // Without a hash of its own an unknown user is answered in a tenth of the time.
  expect(median(times.unknown)).toBeGreaterThan(median(times.known) / 3)
  expect(median(times.known)).toBeGreaterThan(median(times.unknown) / 3)
  const from = performance.now()
  await call('GET /api/me', { as: null })
  expect(performance.now() - from, 'a call without a hash is no measure').toBeLessThan(
    median(times.unknown) * 3,
  )
})
