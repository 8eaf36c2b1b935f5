/** The list of one's own sessions. */
import { expect, test } from 'vitest'
import { start } from '../access/sessions.ts'
import { type Person, startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, ctx } = server

async function another(person: Person, userAgent: string): Promise<Person> {
  const token = await start(ctx.db, { userId: person.id, address: '192.0.2.7', userAgent })
  const cookie = `${ctx.gatekeeper.cookie.name}=${token}`
  return { ...person, cookie, headers: { ...person.headers, cookie } }
}
const mine = async (person: Person) => (await call('GET /api/me/sessions', { as: person })).body.rows
const isIn = async (person: Person) => (await call('GET /api/me', { as: person })).status === 200

test('one sees where one is signed in, and ends one or all others', async () => {
  const person = await server.makeUser()
  const phone = await another(person, 'phone')
  const tablet = await another(person, 'tablet')
  const rows = await mine(person)
  expect(rows.map(({ userAgent, current }) => [userAgent, current]).sort()).toEqual([
    ['phone', false],
    ['tablet', false],
    ['test', true],
  ])
  expect(rows.find(({ userAgent }) => userAgent === 'phone')).toMatchObject({
    address: '192.0.2.7',
    via: 'password',
  })
  // Both were used a moment ago, and are remembered.
  expect([await isIn(phone), await isIn(tablet)]).toEqual([true, true])
  const id = rows.find(({ userAgent }) => userAgent === 'phone')?.id ?? 0
  expect((await call('DELETE /api/me/sessions/:id', { as: person, params: { id } })).status).toBe(204)
  expect([await isIn(phone), await isIn(tablet)]).toEqual([false, true])
  expect((await call('DELETE /api/me/sessions', { as: person })).status).toBe(204)
  expect([await isIn(tablet), await isIn(person)]).toEqual([false, true])
  expect(await mine(person)).toHaveLength(1)
})

test('nobody ends another’s session, nor does a key see any', async () => {
  const [person, other] = [await server.makeUser(), await server.makeUser()]
  const [theirs] = await mine(other)
  const answer = await call('DELETE /api/me/sessions/:id', { as: person, params: { id: theirs?.id ?? 0 } })
  expect([answer.status, await isIn(other)]).toEqual([404, true])
  const { headers } = await server.makeKey(person)
  expect((await call('GET /api/me/sessions', { as: { headers } })).status).toBe(403)
})
