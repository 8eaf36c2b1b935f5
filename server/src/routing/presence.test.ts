import { fileURLToPath } from 'node:url'
import { createLog } from '@patchbay/kit/log.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Caller } from '../access/endpoint.ts'
import type { DB } from '../database.gen.ts'
import { createLeases } from './leases.ts'
import { LEASE_SECONDS, setPresence, touchLease } from './presence.ts'

const { database, open } = await testDatabase<DB>(fileURLToPath(new URL('../../migrations', import.meta.url)))
const db = database.query
let count = 0

async function addUser(presence?: { state?: 'available' | 'paused' | 'offline'; byProgram?: boolean }) {
  const name = `user${++count}`
  const { id } = await db
    .insertInto('app_user')
    .values({ email: `${name}@example.com`, name, fullname: name, role: 'agent' })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (presence) await setPresence(db, id, { state: 'available', reason: null, byProgram: false, ...presence })
  return id
}
const lapse = (id: number) =>
  db.updateTable('presence').set({ lease_until: '-infinity' }).where('user_id', '=', id).execute()
/** Seconds, rounded; null: it has ended. */
async function leaseOf(id: number): Promise<number | null> {
  const { rows } = await sql<{ seconds: number | null }>`
    select case when lease_until > now() then round(extract(epoch from lease_until - now()))::int end as seconds
    from presence where user_id = ${id}`.execute(db)
  return rows[0]?.seconds ?? null
}
const stateOf = (id: number) =>
  db.selectFrom('presence').selectAll().where('user_id', '=', id).executeTakeFirstOrThrow()

test('setting a presence gives a lease, so that one without a socket counts as here', async () => {
  const id = await addUser({ state: 'available' })
  expect(await leaseOf(id)).toBe(LEASE_SECONDS)
})

test('time in a state runs on while only the lease is renewed, and starts anew with another state or reason', async () => {
  const id = await addUser({ state: 'paused' })
  const { since } = await stateOf(id)
  await setPresence(db, id, { state: 'paused', reason: null, byProgram: false })
  expect((await stateOf(id)).since).toEqual(since)
  await setPresence(db, id, { state: 'paused', reason: 'Lunch', byProgram: false })
  expect((await stateOf(id)).since.getTime()).toBeGreaterThan(since.getTime())
})

test('a touched lease starts anew, and who was gone and available is answered as back', async () => {
  const [here, gone, paused, absent] = [
    await addUser({}),
    await addUser({}),
    await addUser({ state: 'paused' }),
    await addUser(),
  ]
  await lapse(gone)
  await lapse(paused)
  expect(await touchLease(db, [paused, gone, here, absent])).toEqual([gone])
  expect(await Promise.all([here, gone, paused].map(leaseOf))).toEqual([15, 15, 15])
  expect(await touchLease(db, [gone])).toEqual([])
  expect(await touchLease(db, [])).toEqual([])
})

test('nodes that touch the same agents in different orders do not stop each other', async () => {
  const ids = await Promise.all(Array.from({ length: 40 }, () => addUser({})))
  const other = (await open()).query
  const rounds = Array.from({ length: 20 }, (_, n) =>
    touchLease(n % 2 ? db : other, n % 2 ? ids : ids.toReversed()),
  )
  expect(await Promise.all(rounds)).toEqual(rounds.map(() => []))
})

test('calls keep the lease of whom they prove to be here: a person at the desk, or a program that set its presence', async () => {
  const rung: number[] = []
  const push = { ring: (ring: { users?: Iterable<number> }) => void rung.push(...(ring.users ?? [])) }
  const person = await addUser({})
  const program = await addUser({ byProgram: true })
  const withKey = await addUser({})
  for (const id of [person, program, withKey]) await lapse(id)
  const leases = createLeases({ db, push, log: createLog({ program: 'test', level: 'silent' }) })
  const call = (id: number, via: Caller['via']) =>
    leases.seen({
      user: {
        id,
        name: '',
        fullname: '',
        email: '',
        role: 'agent',
        permissions: new Set(['openchannel.answer']),
      },
      viewer: null,
      via,
      scopes: null,
      keyId: null,
      address: '',
    })
  for (let n = 0; n < 100; n++) {
    call(person, 'session')
    call(program, 'key')
    call(withKey, 'key')
  }
  await leases.close()
  expect(await Promise.all([person, program].map(leaseOf))).toEqual([15, 15])
  expect(await leaseOf(withKey)).toBeNull()
  expect(rung.sort()).toEqual([person, program])
})
