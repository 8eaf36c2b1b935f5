/** People: who has registered, with which password. */
import { addChore, type Chores } from '@patchbay/kit/chores.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { writeMail } from '@patchbay/kit/letter.ts'
import { queueMail } from '@patchbay/kit/mail.ts'
import { verifyPassword } from '@patchbay/kit/password.ts'
import { choosePassword } from '@patchbay/kit/password-rules.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { CloudUser } from '@patchbay/protocol/api/cloud-people.ts'
import { sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import * as sessions from '../access/sessions.ts'
import { type Actor, actAs } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'
import { textsOf } from '../texts/languages.ts'
import { sendCode, useCode } from './codes.ts'

/** Of the one who asks, for his session. */
export interface Visitor {
  address: string
  userAgent: string | undefined
}

interface Found {
  id: number
  password_hash: string
  verified_at: Date | null
}

const byEmail = (db: Db, email: string): Promise<Found | undefined> =>
  db
    .selectFrom('app_user')
    .select(['id', 'password_hash', 'verified_at'])
    .where(sql`lower(email)`, '=', email.trim().toLowerCase())
    .executeTakeFirst()

/** The same work for whoever is known and whoever is not: a hash, a row, a mail. */
export async function register(
  { db, config }: Pick<Context, 'db' | 'config'>,
  { email, password, locale = 'en' }: { email: string; password: string; locale?: 'en' | 'it' | undefined },
): Promise<void> {
  const passwordHash = await choosePassword(password, email)
  await transaction(db, async (tx) => {
    // Of two at once with the same address, the second finds the row of the first.
    const made = await tx
      .insertInto('app_user')
      .values({ email: email.trim(), password_hash: passwordHash, locale })
      .onConflict((conflict) =>
        conflict.expression(sql`lower(email)`).doUpdateSet({ email: sql`app_user.email` }),
      )
      .returning(['id', 'email', 'locale', 'verified_at'])
      .executeTakeFirstOrThrow()
    if (!made.verified_at) return sendCode(tx, made.id, 'verify', passwordHash)
    const letter = textsOf(made.locale).alreadyRegistered({ site: config.publicUrl })
    await queueMail(tx, writeMail(made.email, letter))
  })
}

/** Answers the token of a session. */
export async function verify(
  ctx: Pick<Context, 'db' | 'sealingKey'>,
  { email, code }: { email: string; code: string },
  visitor: Visitor,
): Promise<{ userId: number; token: string }> {
  const found = await byEmail(ctx.db, email)
  const userId = found?.id ?? 0
  const passwordHash = await useCode(ctx, userId, 'verify', code)
  const token = await transaction(ctx.db, async (tx) => {
    await actAs(tx, { user: { id: userId }, address: visitor.address })
    await tx
      .updateTable('app_user')
      .set({
        verified_at: sql`coalesce(verified_at, now())`,
        ...(passwordHash && { password_hash: passwordHash }),
      })
      .where('id', '=', userId)
      .execute()
    return sessions.start(tx, { userId, ...visitor })
  })
  return { userId, token }
}

/** Throws AU-101 after the same time whoever it is. */
export async function checkPassword(db: Db, email: string, password: string): Promise<number> {
  const found = await byEmail(db, email)
  const isRight = await verifyPassword(password, found?.verified_at ? found.password_hash : undefined)
  if (!found || !isRight) throw new Refusal('AU-101')
  return found.id
}

/** Who has the address is looked up later, so that the answer takes the same time for everybody. */
export async function askForReset({ db }: Pick<Context, 'db'>, email: string): Promise<void> {
  await transaction(db, (tx) => addChore(tx, 'begin-reset', { email }))
}

export function peopleChores({ db }: Pick<Context, 'db'>): Chores {
  return {
    'begin-reset': {
      async run(payload) {
        const found = await byEmail(db, (payload as { email: string }).email)
        if (found?.verified_at) await transaction(db, (tx) => sendCode(tx, found.id, 'reset'))
      },
    },
  }
}

/** Answers the token of a session; all others have ended. */
export async function reset(
  ctx: Pick<Context, 'db' | 'sealingKey'>,
  { email, code, password }: { email: string; code: string; password: string },
  visitor: Visitor,
): Promise<{ userId: number; token: string }> {
  // Before the code is used up, so that a weak password can be chosen anew with it.
  const passwordHash = await choosePassword(password, email)
  const userId = (await byEmail(ctx.db, email))?.id ?? 0
  await useCode(ctx, userId, 'reset', code)
  const token = await transaction(ctx.db, async (tx) => {
    await actAs(tx, { user: { id: userId }, address: visitor.address })
    await tx.updateTable('app_user').set({ password_hash: passwordHash }).where('id', '=', userId).execute()
    await sessions.endAll(tx, userId)
    return sessions.start(tx, { userId, ...visitor })
  })
  return { userId, token }
}

/** Ends every session but the one that speaks. */
export async function changePassword(db: Db, caller: Caller, password: string): Promise<void> {
  const { user, sessionId } = caller
  const passwordHash = await choosePassword(password, user.email)
  await transaction(db, async (tx) => {
    await actAs(tx, caller)
    await tx.updateTable('app_user').set({ password_hash: passwordHash }).where('id', '=', user.id).execute()
    await sessions.endAll(tx, user.id, sessionId)
  })
}

export async function setLocale(db: Db, caller: Caller, locale: 'en' | 'it'): Promise<void> {
  await transaction(db, async (tx) => {
    await actAs(tx, caller)
    await tx.updateTable('app_user').set({ locale }).where('id', '=', caller.user.id).execute()
  })
}

export async function remove(db: Db, by: Actor): Promise<void> {
  await transaction(db, async (tx) => {
    await actAs(tx, by)
    await tx.deleteFrom('app_user').where('id', '=', by.user.id).execute()
  })
}

export async function read(db: Db, userId: number): Promise<CloudUser> {
  const row = await db
    .selectFrom('app_user')
    .select(['id', 'email', 'locale', 'created_at'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  return {
    id: row.id,
    email: row.email,
    locale: row.locale,
    createdAt: row.created_at.toISOString(),
  }
}
