/**
 * One-time links by which a user sets his password: an invitation lives seven days, a reset one hour.
 *
 * open     made; the user's only one, since a newer takes its place
 * used up  deleted with the password that it set, with a change of password, e-mail or standing, or by its end
 *
 * The database holds the digest alone. A mailed link is made by the chore that sends the mail, anew at each attempt.
 */

import { addChore, type Chores } from '@patchbay/kit/chores.ts'
import { randomToken, sha256 } from '@patchbay/kit/crypto.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { writeMail } from '@patchbay/kit/letter.ts'
import { openPost } from '@patchbay/kit/post.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import * as sessions from '../access/sessions.ts'
import * as audit from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'
import { texts } from '../mail/texts/languages.ts'

export type LinkKind = 'invitation' | 'reset'

const HOURS: Readonly<Record<LinkKind, number>> = { invitation: 7 * 24, reset: 1 }
/** Half an hour of growing waits: nobody waits longer for a new password. */
const RESET_ATTEMPTS = 8
const INVITATION_ATTEMPTS = 13

/** Void what was sent before, and answers what goes into the link and until when it works. */
export async function makeLink(
  tx: Tx,
  userId: number,
  kind: LinkKind,
): Promise<{ code: string; expiresAt: Date }> {
  const code = randomToken('')
  const fields = {
    digest: sha256(code),
    kind,
    created_at: sql<Date>`now()`,
    expires_at: sql<Date>`now() + make_interval(hours => ${HOURS[kind]})`,
  }
  const { expires_at } = await tx
    .insertInto('password_link')
    .values({ user_id: userId, ...fields })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(fields))
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  return { code, expiresAt: expires_at }
}

/** In the fragment: a browser sends it to no server, so that no proxy writes it down. */
export function urlOf(publicUrl: string, code: string): string {
  return `${publicUrl}/password#${code}`
}

export async function voidLinks(tx: Tx, userId: number): Promise<void> {
  await tx.deleteFrom('password_link').where('user_id', '=', userId).execute()
}

/** What the link opens, for as long as it does. */
export async function findLink(db: Db | Tx, code: string) {
  return db
    .selectFrom('password_link')
    .innerJoin('app_user', 'app_user.id', 'password_link.user_id')
    .select(['kind', 'user_id', 'email', 'fullname'])
    .where('digest', '=', sha256(code))
    .where('expires_at', '>', sql<Date>`now()`)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
}

/** Throws AU-107. All sessions end: call `gatekeeper.forget` afterwards. Two at once set one password. */
export async function useLink(
  tx: Tx,
  code: string,
  passwordHash: string,
  address: string,
): Promise<{ id: number }> {
  const link = await findLink(tx, code)
  const used =
    link &&
    (await tx
      .deleteFrom('password_link')
      .where('digest', '=', sha256(code))
      .returning('user_id')
      .executeTakeFirst())
  if (!link || !used) throw new Refusal('AU-107')
  const user = await tx
    .updateTable('app_user')
    .set({ password_hash: passwordHash, updated_at: sql`now()` })
    .where('id', '=', link.user_id)
    .returning('id')
    .executeTakeFirstOrThrow()
  await sessions.endAll(tx, user.id)
  const caller = { user, address }
  const action = link.kind === 'invitation' ? 'accepted-invitation' : 'reset-password'
  await audit.record(tx, caller, { action, object: 'app_user', objectId: user.id })
  return user
}

export async function queueInvitation(tx: Tx, caller: Caller, userId: number): Promise<void> {
  const payload = { kind: 'invitation', userId, by: caller.user.fullname }
  await addChore(tx, 'send-password-link', payload, {
    attempts: INVITATION_ATTEMPTS,
    key: `invitation:${userId}`,
  })
  await audit.record(tx, caller, { action: 'invited', object: 'app_user', objectId: userId })
}

/** Asks nothing of the users: an address that nobody has takes the same time. */
export async function queueReset(tx: Tx, email: string, address: string): Promise<void> {
  const wanted = email.trim().toLowerCase()
  const payload = { kind: 'reset', email: wanted, address }
  const key = `reset:${sha256(wanted).toString('hex')}`
  await addChore(tx, 'send-password-link', payload, { attempts: RESET_ATTEMPTS, key })
}

type Payload =
  | { kind: 'invitation'; userId: number; by: string }
  | { kind: 'reset'; email: string; address: string }

export function peopleChores(ctx: Context): Chores {
  const { db, config } = ctx
  const post = openPost(ctx)
  return {
    'send-password-link': {
      async run(given, stopping) {
        const payload = given as Payload
        const made = await transaction(db, (tx) => linkFor(tx, payload))
        if (!made) return
        const { user, kind, code } = made
        const facts = { fullname: user.fullname, desk: config.publicUrl, url: urlOf(config.publicUrl, code) }
        const words = texts[user.locale]
        const by = payload.kind === 'invitation' ? payload.by : null
        const letter = kind === 'invitation' ? words.invitation({ ...facts, by }) : words.reset(facts)
        await post.send(writeMail(user.email, letter), stopping)
      },
    },
    'remove-ended-password-links': {
      every: '43 * * * *',
      async run() {
        await db.deleteFrom('password_link').where('expires_at', '<', sql<Date>`now()`).execute()
      },
    },
  }
}

async function linkFor(tx: Tx, payload: Payload) {
  const user = await tx
    .selectFrom('app_user')
    .select(['id', 'email', 'fullname', 'locale', sql<boolean>`password_hash is null`.as('invited')])
    .where('disabled_at', 'is', null)
    .$if(payload.kind === 'invitation', (users) => users.where('password_hash', 'is', null))
    .where((users) =>
      payload.kind === 'invitation'
        ? users('id', '=', payload.userId)
        : users(sql`lower(email)`, '=', payload.email),
    )
    .forUpdate()
    .executeTakeFirst()
  if (!user) return undefined
  if (payload.kind === 'reset')
    await audit.record(tx, null, {
      action: 'asked-for-new-password',
      object: 'app_user',
      objectId: user.id,
      after: { address: payload.address },
    })
  // Who was invited and asks here is invited again: a link of an hour in place of seven days would be worse than none.
  const kind = user.invited ? 'invitation' : 'reset'
  const { code } = await makeLink(tx, user.id, kind)
  return { user, kind, code } as const
}
