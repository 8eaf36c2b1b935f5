/** The audit log: what changed, by whom, with the change itself, and for good. */
import { sqlState, transaction } from '@patchbay/kit/database.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { expect, test } from 'vitest'
import { migrationsDir } from '../boot.ts'
import type { DB } from '../database.gen.ts'
import * as audit from './audit.ts'

const { database } = await testDatabase<DB>(migrationsDir)
const db = database.query
const caller = {
  user: { id: 7, name: 'marta', fullname: 'Marta', email: 'marta@example.com', role: 'admin' },
  via: 'key',
  scopes: null,
  keyId: 3,
  address: '192.0.2.1',
} as const

const record = (entry: audit.Entry) => transaction(db, (tx) => audit.record(tx, caller, entry))
const newest = () =>
  db.selectFrom('audit_entry').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()

test('an entry says who, by which key, from where, and only what differs', async () => {
  const [before, after] = [
    { name: 'Shop', weight: 1, ids: [1, 2] },
    { name: 'Shop', weight: 2, ids: [1, 2, 3] },
  ]
  await record({ action: 'changed', object: 'queue', objectId: 5, before, after })
  expect(await newest()).toMatchObject({
    user_id: 7,
    key_id: 3,
    address: '192.0.2.1',
    object_id: 5,
    before: { weight: 1, ids: [1, 2] },
    after: { weight: 2, ids: [1, 2, 3] },
  })
})

test('secrets are blanked at every depth, postal codes are not', async () => {
  const after = {
    postalCode: '00100',
    token: 'pbt_x',
    nested: [{ passwordHash: '$argon2id$', signing: { secret: 'whsec_x' } }],
    replyUrl: 'https://me:hush@x.example/?token=hush&a=1',
  }
  await record({ action: 'created', object: 'account', objectId: 1, after })
  expect((await newest()).after).toEqual({
    postalCode: '00100',
    token: '[secret]',
    nested: [{ passwordHash: '[secret]', signing: { secret: '[secret]' } }],
    replyUrl: 'https://me:[secret]@x.example/?token=[secret]&a=1',
  })
})

test('a new key in an address is a change, although neither is told', async () => {
  const address = (token: string) => ({ name: 'x', replyUrl: `https://x.example/?token=${token}` })
  const entry = { action: 'changed', object: 'account', objectId: 1 }
  await record({ ...entry, before: address('one'), after: address('two') })
  const { before, after } = await newest()
  expect([before, after]).toEqual(
    [address('[secret]'), address('[secret]')].map(({ replyUrl }) => ({ replyUrl })),
  )
})

test('a change that is rolled back leaves no entry', async () => {
  const before = await newest()
  const change = transaction(db, async (tx) => {
    await audit.record(tx, caller, { action: 'changed', object: 'queue', objectId: 6 })
    throw new Error('the change failed')
  })
  await expect(change).rejects.toThrow('the change failed')
  expect(await newest()).toEqual(before)
})

test('an entry can be neither altered nor removed', async () => {
  const attempts = [
    db.updateTable('audit_entry').set({ action: 'nothing' }).execute(),
    db.deleteFrom('audit_entry').execute(),
  ]
  const outcomes = await Promise.allSettled(attempts)
  expect(outcomes.map((outcome) => outcome.status === 'rejected' && sqlState(outcome.reason))).toEqual([
    '42501',
    '42501',
  ])
})
