/** Whose e-mail and password these are: throttled, hashed once for many calls at the same time, remembered for Basic. */
import { randomBytes } from 'node:crypto'
import { hmacSha256 } from '@patchbay/kit/crypto.ts'
import type { Log } from '@patchbay/kit/log.ts'
import { verifyPassword } from '@patchbay/kit/password.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { createThrottle, forSignIns } from '@patchbay/kit/throttle.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { type Identity, identity, toUser } from './identity.ts'
import { rulesOf } from './sign-in-rules.ts'

export interface Passwords {
  /** Throws AU-101 or AU-102. */
  check(email: string, password: string, address: string): Promise<Identity['user']>
  /**
   * For programs: the same, without hashing a pair that was right within the last five minutes, as long as the password is still that
   * one. Throws AU-110 where the password alone opens nothing.
   */
  checkAgain(email: string, password: string, address: string): Promise<Identity['user']>
  /** A name for the pair that tells nothing about it. */
  nameOf(email: string, password: string): string
}

interface Checked {
  user: Identity['user']
  passwordHash: string
}

const REMEMBER_MS = 5 * 60_000
const MOST_REMEMBERED = 10_000

export function createPasswords(db: Db, log: Log): Passwords {
  const throttle = createThrottle(forSignIns)
  // Passwords are never kept, not even in memory: a pair is known by what this key makes of it.
  const pairKey = randomBytes(32)
  const underWay = new Map<string, Promise<Checked>>()
  const remembered = new Map<string, { userId: number; passwordHash: string; until: number }>()

  const nameOf = (email: string, password: string): string =>
    hmacSha256(pairKey, JSON.stringify([email.trim().toLowerCase(), password])).toString('base64')

  async function verify(email: string, password: string, address: string): Promise<Checked> {
    await throttle.attempt(email, address)
    const row = await db
      .selectFrom('app_user')
      .innerJoin('role', 'role.id', 'app_user.role_id')
      .select([...identity, 'password_hash', 'disabled_at'])
      .where(sql`lower(email)`, '=', email.trim().toLowerCase())
      .executeTakeFirst()
    const isRight = await verifyPassword(password, row?.disabled_at ? null : row?.password_hash)
    if (!row?.password_hash || !isRight) {
      log.info({ userId: row?.id ?? null, address }, 'a sign-in failed')
      throw new Refusal('AU-101')
    }
    await throttle.forgive(email, address)
    const { password_hash, disabled_at, ...user } = row
    return { user: toUser(user), passwordHash: password_hash }
  }

  // The same pair at the same time is one attempt: a program that opens with ten calls at once is no guesser.
  function checkOnce(email: string, password: string, address: string): Promise<Checked> {
    const pair = nameOf(email, password)
    const running = underWay.get(pair)
    if (running) return running
    const checking = verify(email, password, address).finally(() => underWay.delete(pair))
    underWay.set(pair, checking)
    return checking
  }

  async function recall(pair: string): Promise<Identity['user'] | undefined> {
    const known = remembered.get(pair)
    if (!known) return undefined
    const user =
      known.until > performance.now()
        ? await db
            .selectFrom('app_user')
            .innerJoin('role', 'role.id', 'app_user.role_id')
            .select(identity)
            .where('app_user.id', '=', known.userId)
            .where('password_hash', '=', known.passwordHash)
            .where('disabled_at', 'is', null)
            .executeTakeFirst()
        : undefined
    if (!user) remembered.delete(pair)
    return user && toUser(user)
  }

  // Told only to who knows the password, as signing in at the desk would.
  async function alone(user: Identity['user']): Promise<Identity['user']> {
    const rules = await rulesOf(db, user.id)
    if (Object.values(rules).some(Boolean)) throw new Refusal('AU-110')
    return user
  }

  return {
    nameOf,
    check: async (email, password, address) => (await checkOnce(email, password, address)).user,
    async checkAgain(email, password, address) {
      const pair = nameOf(email, password)
      const recalled = await recall(pair)
      if (recalled) return alone(recalled)
      const { user, passwordHash } = await checkOnce(email, password, address)
      if (remembered.size >= MOST_REMEMBERED) remembered.clear()
      remembered.set(pair, { userId: user.id, passwordHash, until: performance.now() + REMEMBER_MS })
      return alone(user)
    },
  }
}
