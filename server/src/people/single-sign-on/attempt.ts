/** What the browser keeps between leaving for the provider and coming back: sealed, for ten minutes, and bound to that browser. */
import { open, type SealingKey, seal, UnsealError } from '@patchbay/kit/crypto.ts'
import type { SessionCookie } from '@patchbay/kit/session-cookie.ts'
import * as oidc from 'openid-client'

export interface Attempt {
  state: string
  nonce: string
  verifier: string
  /** Where to go afterwards, within the desk. */
  next: string
  /** Another issuer meanwhile means that the answer is not of whom was asked. */
  issuer: string
  until: number
}

const MINUTES = 10
const PLACE = 'single-sign-on'

export function newAttempt(issuer: string, next: string | undefined): Attempt {
  return {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
    next: insideDesk(next),
    issuer,
    until: Date.now() + MINUTES * 60_000,
  }
}

export function attemptCookie({ name, options }: SessionCookie) {
  return { name: `${name}_sso`, options: { ...options, maxAge: MINUTES * 60 } }
}

export function sealAttempt(key: SealingKey, attempt: Attempt): string {
  return seal(key, PLACE, JSON.stringify(attempt)).toString('base64url')
}

/** Null for none, one that is over, or something that we did not write. */
export function openAttempt(key: SealingKey, sealed: string | undefined): Attempt | null {
  if (!sealed) return null
  try {
    const attempt = JSON.parse(open(key, PLACE, Buffer.from(sealed, 'base64url'))) as Attempt
    return attempt.until > Date.now() ? attempt : null
  } catch (error) {
    if (error instanceof UnsealError) return null
    throw error
  }
}

function insideDesk(next: string | undefined): string {
  const origin = 'http://desk.invalid'
  const url = next?.startsWith('/') && URL.canParse(next, origin) ? new URL(next, origin) : null
  return url?.origin === origin ? `${url.pathname}${url.search}${url.hash}` : '/'
}
