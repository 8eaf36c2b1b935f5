/**
 * The first admin: from the environment, or by a one-time link that only who sees the program's output can open.
 *
 * open    no admin exists; the code printed by the newest start makes one
 * closed  an admin exists, now and for ever after
 */
import type { Secret } from '@patchbay/kit/config.ts'
import { equalInConstantTime, randomToken, sha256 } from '@patchbay/kit/crypto.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { hashPassword } from '@patchbay/kit/password.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { User } from '@patchbay/protocol/api/people.ts'
import type { Db, Tx } from '../db.ts'
import * as users from './users.ts'

/** Answers whether he was made: when there is an admin already, nothing changes. */
export async function makeFirstAdmin(db: Db, email: string, password: Secret): Promise<boolean> {
  if (await users.hasAdmin(db)) return false
  const passwordHash = await hashPassword(password.reveal())
  return transaction(db, async (tx) => {
    await lockInstallation(tx)
    if (await users.hasAdmin(tx)) return false
    await users.create(tx, null, { email, passwordHash, role: 'admin' })
    return true
  })
}

/** A new code, which takes the place of every earlier one; undefined when there is an admin. */
export async function openSetup(db: Db): Promise<string | undefined> {
  if (await users.hasAdmin(db)) return undefined
  const code = randomToken('')
  await db
    .updateTable('installation')
    .set({ setup_digest: sha256(code) })
    .execute()
  return code
}

export async function isOpenFor(db: Db | Tx, code: string): Promise<boolean> {
  const row = await db.selectFrom('installation').select('setup_digest').executeTakeFirst()
  const isRight = row?.setup_digest ? equalInConstantTime(row.setup_digest, sha256(code)) : false
  return isRight && !(await users.hasAdmin(db))
}

/** Throws AU-103. Two at once make one admin. */
export async function setUp(
  tx: Tx,
  code: string,
  wanted: Omit<users.NewUser, 'role' | 'capacity'>,
): Promise<User> {
  await lockInstallation(tx)
  if (!(await isOpenFor(tx, code))) throw new Refusal('AU-103')
  const user = await users.create(tx, null, { ...wanted, role: 'admin' })
  await tx.updateTable('installation').set({ setup_digest: null }).execute()
  return user
}

async function lockInstallation(tx: Tx): Promise<void> {
  await tx.selectFrom('installation').select('id').forUpdate().execute()
}
