/** Knows who is calling: by session, key, or e-mail and password. Remembers each for a few seconds, so that a call costs no query. */
import { randomBytes } from 'node:crypto'
import { hmacSha256, sha256 } from '@patchbay/kit/crypto.ts'
import { verifyPassword } from '@patchbay/kit/password.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { Push } from '../push/push.ts'
import { type SessionCookie, sessionCookie } from './cookie.ts'
import { type Credential, findCredential } from './credential.ts'
import type { Caller } from './endpoint.ts'
import { type Identity, identity } from './identity.ts'
import * as keys from './keys.ts'
import { createRemembered } from './remembered.ts'
import * as sessions from './sessions.ts'
import { createThrottle } from './throttle.ts'
import { createUses } from './uses.ts'

export interface Gatekeeper {
  readonly cookie: SessionCookie
  /** Null for a call that names nobody. Throws AU-104, AU-101 or AU-102 for a credential that proves nothing. */
  authenticate(request: FastifyRequest): Promise<Caller | null>
  /** Who calls with this API key; null when it is none. */
  callerOfKey(key: string, address: string): Promise<Caller | null>
  /** Whose e-mail and password these are; throws AU-101 or AU-102. */
  checkPassword(email: string, password: string, address: string): Promise<Identity['user']>
  /** Call after the commit of what ended sessions or keys or changed rights: every node looks again, sockets included. */
  forget(userId: number): void
  close(): Promise<void>
}

export interface GatekeeperOptions {
  db: Db
  push: Pick<Push, 'ring' | 'onRing'>
  publicUrl: string
}

const REMEMBER_MS = 5_000
const REMEMBER_BASIC_MS = 5 * 60_000

export function createGatekeeper({ db, push, publicUrl }: GatekeeperOptions): Gatekeeper {
  const cookie = sessionCookie(publicUrl)
  const throttle = createThrottle()
  const known = createRemembered<Identity>(REMEMBER_MS)
  const knownPairs = createRemembered<Identity>(REMEMBER_BASIC_MS)
  const uses = createUses(db)
  // Passwords are never kept, not even in memory: a pair is known by what this key makes of it.
  const pairKey = randomBytes(32)
  const pairsUnderWay = new Map<string, Promise<Identity['user']>>()

  const forgetHere = (userId: number): void => {
    known.forget(userId)
    knownPairs.forget(userId)
  }
  const unlisten = push.onRing((rung) => {
    for (const userId of rung.rights) forgetHere(userId)
    if (rung.look) {
      known.clear()
      knownPairs.clear()
    }
  })

  const pairOf = (email: string, password: string): string =>
    hmacSha256(pairKey, JSON.stringify([email.toLowerCase(), password])).toString('base64')

  async function verify(email: string, password: string, address: string): Promise<Identity['user']> {
    await throttle.attempt(email, address)
    const row = await db
      .selectFrom('app_user')
      .select([...identity, 'password_hash', 'disabled_at'])
      .where(sql`lower(email)`, '=', email.trim().toLowerCase())
      .executeTakeFirst()
    const isRight = await verifyPassword(password, row?.disabled_at ? null : row?.password_hash)
    if (!row || !isRight) throw new Refusal('AU-101')
    await throttle.forgive(email, address)
    const { password_hash, disabled_at, ...user } = row
    return user
  }

  // The same pair at the same time is one attempt: a program that opens with ten calls at once is no guesser.
  function checkPassword(email: string, password: string, address: string): Promise<Identity['user']> {
    const pair = pairOf(email, password)
    const underWay = pairsUnderWay.get(pair)
    if (underWay) return underWay
    const checking = verify(email, password, address).finally(() => pairsUnderWay.delete(pair))
    pairsUnderWay.set(pair, checking)
    return checking
  }

  async function identify(credential: Credential, address: string): Promise<Identity | null> {
    switch (credential.type) {
      case 'unusable':
        return null
      case 'session': {
        const digest = sha256(credential.token)
        const found = await known.get(digest.toString('base64'), () => sessions.find(db, credential.token))
        if (found) uses.ofSession(digest)
        return found
      }
      case 'key': {
        const name = sha256(credential.key).toString('base64')
        const found = await known.get(name, () => keys.find(db, credential.key))
        if (found?.keyId) uses.ofKey(found.keyId, address)
        return found
      }
      case 'basic': {
        const { email, password } = credential
        return knownPairs.get(pairOf(email, password), async () => ({
          user: await checkPassword(email, password, address),
          scopes: null,
          keyId: null,
          expiresAt: null,
        }))
      }
    }
  }

  async function callerOf(credential: Credential, address: string): Promise<Caller | null> {
    if (credential.type === 'unusable') return null
    const found = await identify(credential, address)
    return (
      found && { user: found.user, via: credential.type, scopes: found.scopes, keyId: found.keyId, address }
    )
  }

  return {
    cookie,
    checkPassword,
    async authenticate(request) {
      const credential = findCredential(request, cookie.name)
      if (!credential) return null
      const caller = await callerOf(credential, request.ip)
      if (!caller) throw new Refusal('AU-104')
      return caller
    },
    callerOfKey: (key, address) => callerOf({ type: 'key', key }, address),
    forget(userId) {
      forgetHere(userId)
      push.ring({ rights: [userId], users: [userId] })
    },
    async close() {
      unlisten()
      await uses.close()
    },
  }
}
