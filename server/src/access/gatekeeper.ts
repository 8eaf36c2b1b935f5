/** Knows who is calling: by session, key, or e-mail and password. Remembers each for a few seconds, so that a call costs no query. */
import { sha256 } from '@patchbay/kit/crypto.ts'
import type { Log } from '@patchbay/kit/log.ts'
import type { Pulse } from '@patchbay/kit/pulse.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { type SessionCookie, sessionCookie } from '@patchbay/kit/session-cookie.ts'
import type { FastifyRequest } from 'fastify'
import type { Db } from '../db.ts'
import type { Push } from '../push/push.ts'
import { type Credential, findCredential } from './credential.ts'
import type { Caller } from './endpoint.ts'
import type { Identity } from './identity.ts'
import * as keys from './keys.ts'
import { createPasswords } from './passwords.ts'
import { createRemembered } from './remembered.ts'
import * as sessions from './sessions.ts'
import { createUses } from './uses.ts'

export interface Gatekeeper {
  readonly cookie: SessionCookie
  /**
   * Null for a call that names nobody. Throws AU-104, AU-101 or AU-102 for a credential that proves nothing, GE-109 while the
   * database does not answer.
   */
  authenticate(request: FastifyRequest): Promise<Caller | null>
  /** Whose e-mail and password these are; throws AU-101 or AU-102. */
  checkPassword(email: string, password: string, address: string): Promise<Identity['user']>
  /** Call after the commit of what ended sessions or keys or changed rights: every node looks again, sockets included. */
  forget(userId: number): void
  close(): Promise<void>
}

export interface GatekeeperOptions {
  db: Db
  push: Pick<Push, 'ring' | 'onRing'>
  log: Log
  pulse: Pick<Pulse, 'isBeating'>
  publicUrl: string
}

const REMEMBER_MS = 5_000
const RETRY_AFTER_S = 2

export function createGatekeeper({ db, push, log, pulse, publicUrl }: GatekeeperOptions): Gatekeeper {
  const cookie = sessionCookie('server', publicUrl)
  const passwords = createPasswords(db, log)
  const known = createRemembered(REMEMBER_MS)
  const uses = createUses(db)
  const unlisten = push.onRing(({ rights, look }) => {
    for (const userId of rights) known.forget(userId)
    if (look) known.clear()
  })

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
        return known.get(passwords.nameOf(email, password), async () => ({
          user: await passwords.checkAgain(email, password, address),
          viewer: null,
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
    if (!found) return null
    const { user, viewer, scopes, keyId } = found
    return { user, viewer, via: credential.type, scopes, keyId, address }
  }

  return {
    cookie,
    checkPassword: passwords.check,
    async authenticate(request) {
      const credential = findCredential(request, cookie.name)
      if (!credential) return null
      // Nothing can be looked up: whoever waited would only find that out later.
      if (!pulse.isBeating())
        throw new Refusal('GE-109', 'The database does not answer.', { retryAfterSeconds: RETRY_AFTER_S })
      const caller = await callerOf(credential, request.ip)
      if (!caller) throw new Refusal('AU-104')
      return caller
    },
    forget(userId) {
      known.forget(userId)
      push.ring({ rights: [userId], users: [userId] })
    },
    async close() {
      unlisten()
      await uses.close()
    },
  }
}
