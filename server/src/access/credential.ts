/** Finds in a request what says who is calling. */
import type { FastifyRequest } from 'fastify'

export type Credential =
  | { type: 'session'; token: string }
  | { type: 'key'; key: string }
  | { type: 'basic'; email: string; password: string }
  /** Something was sent that can be none of these. */
  | { type: 'unusable' }

export const keyPrefix = 'pbk_'
/** Account tokens open Receive URLs alone. */
export const tokenPrefix = 'pbt_'
export const sessionPrefix = 'pbs_'
/** Of a sign-in that still wants a code. */
export const challengePrefix = 'pbc_'

/** The first that is there counts: the Authorization header, `apikey` in the query, the cookie. Null when there is none. */
export function findCredential(request: FastifyRequest, cookieName: string): Credential | null {
  const { authorization } = request.headers
  if (authorization !== undefined) return readAuthorization(authorization)
  const { apikey } = request.query as { apikey?: unknown }
  if (apikey !== undefined) return typeof apikey === 'string' ? asKey(apikey) : { type: 'unusable' }
  // Senders' addresses stand where no cookies are read.
  const token = request.cookies?.[cookieName]
  return token ? { type: 'session', token } : null
}

function readAuthorization(header: string): Credential {
  const [, scheme = '', value = ''] = /^(\S+)\s+(.+?)\s*$/.exec(header) ?? []
  if (scheme.toLowerCase() === 'bearer') return asKey(value)
  if (scheme.toLowerCase() === 'basic') return readBasic(value)
  return { type: 'unusable' }
}

function readBasic(value: string): Credential {
  const pair = Buffer.from(value, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  if (colon < 0) return { type: 'unusable' }
  const email = pair.slice(0, colon)
  const password = pair.slice(colon + 1)
  if (password.startsWith(keyPrefix)) return { type: 'key', key: password }
  // The database takes no U+0000 even in a question, and nobody has such an e-mail.
  return email.includes('\0') ? { type: 'unusable' } : { type: 'basic', email, password }
}

function asKey(value: string): Credential {
  return value.startsWith(keyPrefix) ? { type: 'key', key: value } : { type: 'unusable' }
}
