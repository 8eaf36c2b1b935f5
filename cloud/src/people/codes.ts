/** Codes of 8 digits that prove an e-mail address: made when their mail is sent, good for ten minutes, five tries and one use. */
import { randomInt } from 'node:crypto'
import { addChore, type Chores } from '@patchbay/kit/chores.ts'
import { equalInConstantTime, hmacSha256 } from '@patchbay/kit/crypto.ts'
import { writeMail } from '@patchbay/kit/letter.ts'
import { openPost } from '@patchbay/kit/post.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'
import { textsOf } from '../texts/languages.ts'

export type Purpose = 'verify' | 'reset'

const MOST_TRIES = 5
const LIFETIME = sql`interval '10 minutes'`
/** Nobody waits longer than that for a code. */
const MAIL_ATTEMPTS = 5

interface Wanted {
  userId: number
  purpose: Purpose
}

/** A code before it no longer counts. `passwordHash`: what the code makes valid. */
export async function sendCode(
  tx: Tx,
  userId: number,
  purpose: Purpose,
  passwordHash: string | null = null,
): Promise<void> {
  const fresh = {
    digest: null,
    tries: 0,
    expires_at: sql<Date>`now() + ${LIFETIME}`,
    password_hash: passwordHash,
  }
  await tx
    .insertInto('mail_code')
    .values({ user_id: userId, purpose, ...fresh })
    .onConflict((conflict) => conflict.columns(['user_id', 'purpose']).doUpdateSet(fresh))
    .execute()
  const wanted: Wanted = { userId, purpose }
  await addChore(tx, 'send-code', wanted, { attempts: MAIL_ATTEMPTS })
}

/** Counts the try also when it fails; throws CL-102. Answers the password that the code makes valid. */
export async function useCode(
  { db, sealingKey }: Pick<Context, 'db' | 'sealingKey'>,
  userId: number,
  purpose: Purpose,
  code: string,
): Promise<string | null> {
  const row = await db
    .updateTable('mail_code')
    .set({ tries: sql`tries + 1` })
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose)
    .where('expires_at', '>', sql<Date>`now()`)
    .where('tries', '<', MOST_TRIES)
    .where('digest', 'is not', null)
    .returning(['digest', 'password_hash'])
    .executeTakeFirst()
  const given = digestOf(sealingKey.bytes, { userId, purpose }, code.replace(/\s/g, ''))
  const isRight = equalInConstantTime(given, row?.digest ?? Buffer.alloc(0))
  if (!row || !isRight) throw new Refusal('CL-102', undefined, { field: 'code' })
  // Of two that come at once with the right code, one finds it gone.
  const used = await db
    .deleteFrom('mail_code')
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose)
    .where('digest', '=', given)
    .returning('user_id')
    .executeTakeFirst()
  if (!used) throw new Refusal('CL-102', undefined, { field: 'code' })
  return row.password_hash
}

export function codeChores(ctx: Pick<Context, 'db' | 'config' | 'log' | 'sealingKey'>): Chores {
  const post = openPost(ctx)
  return {
    'send-code': {
      async run(payload, stopping) {
        const wanted = payload as Wanted
        const made = await makeCode(ctx.db, ctx.sealingKey.bytes, wanted)
        if (!made) return
        const facts = { code: made.code, site: ctx.config.publicUrl }
        await post.send(writeMail(made.email, textsOf(made.locale)[wanted.purpose](facts)), stopping)
      },
    },
    'remove-ended-codes': {
      every: '17 * * * *',
      run: () => removeEnded(ctx.db),
    },
  }
}

/** Undefined when the code is not wanted any more. */
async function makeCode(db: Db, key: Buffer, { userId, purpose }: Wanted) {
  const code = String(randomInt(100_000_000)).padStart(8, '0')
  const row = await db
    .updateTable('mail_code')
    .from('app_user')
    .whereRef('app_user.id', '=', 'mail_code.user_id')
    .set({
      digest: digestOf(key, { userId, purpose }, code),
      tries: 0,
      expires_at: sql`now() + ${LIFETIME}`,
    })
    .where('mail_code.user_id', '=', userId)
    .where('purpose', '=', purpose)
    .returning(['app_user.email', 'app_user.locale'])
    .executeTakeFirst()
  return row && { ...row, code }
}

// Eight digits are soon tried out by whoever has the table, but not without the key.
function digestOf(key: Buffer, { userId, purpose }: Wanted, code: string): Buffer {
  return hmacSha256(key, `mail_code:${userId}:${purpose}:${code}`)
}

// Whoever never confirmed an address leaves nothing behind.
async function removeEnded(db: Db): Promise<void> {
  await db.deleteFrom('mail_code').where('expires_at', '<', sql<Date>`now()`).execute()
  await db
    .deleteFrom('app_user')
    .where('verified_at', 'is', null)
    .where('created_at', '<', sql<Date>`now() - interval '1 day'`)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('mail_code').select('user_id').whereRef('user_id', '=', 'app_user.id'))),
    )
    .execute()
}
