/** Who may call a Receive URL: whoever holds its token, or a user who may use the account. Never a browser's cookie. */
import { timingSafeEqual } from 'node:crypto'
import { sha256 } from '@patchbay/kit/crypto.ts'
import { isOwnOrigin } from '@patchbay/kit/own-site.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { FastifyRequest } from 'fastify'
import { mayUseAccount, requireAccess } from '../../access/access.ts'
import { tokenPrefix } from '../../access/credential.ts'
import type { AccountEntry, Directory } from '../../accounts/directory.ts'
import type { Context } from '../../context.ts'

export type ReceiveContext = Pick<Context, 'db' | 'gatekeeper' | 'config'>

/** The account, when the call carries its token; otherwise `findByCaller` decides. Refuses an account that does not exist. */
export function findByToken(directory: Directory, request: FastifyRequest): AccountEntry | undefined {
  const account = findAccount(directory, request)
  const { token } = request.query as { token?: unknown }
  const isKnown =
    (typeof token === 'string' && isTokenOf(account, token)) || isTokenOf(account, bearerToken(request))
  return isKnown ? account : undefined
}

/** Of one whose token is being changed: tells an admin when it is safe to let the old one end. */
export function isByOldToken(account: AccountEntry, request: FastifyRequest): boolean {
  const [newest, ...older] = account.tokenDigests()
  if (!newest || older.length === 0) return false
  const { token } = request.query as { token?: unknown }
  const isNewest = (value: unknown): boolean =>
    typeof value === 'string' && timingSafeEqual(newest, sha256(value))
  return !isNewest(token) && !isNewest(bearerToken(request))
}

export async function findByCaller(
  ctx: ReceiveContext,
  directory: Directory,
  request: FastifyRequest,
): Promise<AccountEntry> {
  const account = findAccount(directory, request)
  const { authorization } = request.headers
  const { apikey } = request.query as { apikey?: unknown }
  // What is left when neither is there is the cookie.
  if (apikey === undefined && (authorization === undefined || bearerToken(request)))
    throw new Refusal('OC-102')
  const caller = await ctx.gatekeeper.authenticate(request).catch((error) => {
    throw error instanceof Refusal && error.code === 'AU-104' ? new Refusal('OC-102') : error
  })
  if (!caller) throw new Refusal('OC-102')
  // A browser adds remembered Basic credentials also to calls that another site made.
  if (
    caller.via === 'basic' &&
    request.headers.origin !== undefined &&
    !isOwnOrigin(request, ctx.config.publicUrl)
  )
    throw new Refusal('AU-106')
  requireAccess(caller, { role: 'agent', scopes: ['notify'] })
  if (!(await mayUseAccount(ctx.db, caller, account.id))) throw new Refusal('OC-101')
  return account
}

function findAccount(directory: Directory, request: FastifyRequest): AccountEntry {
  const { id } = request.params as { id: string }
  const account = /^[1-9]\d{0,14}$/.test(id) ? directory.get(Number(id)) : undefined
  if (!account) throw new Refusal('OC-101')
  return account
}

function bearerToken(request: FastifyRequest): string | undefined {
  const value = /^bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1]
  return value?.startsWith(tokenPrefix) ? value : undefined
}

function isTokenOf(account: AccountEntry, token: string | undefined): boolean {
  if (token === undefined) return false
  const digest = rightOnes.get(token) ?? sha256(token)
  const isRight = account.tokenDigests().some((known) => timingSafeEqual(known, digest))
  if (isRight && rightOnes.size < MOST_RIGHT_ONES) rightOnes.set(token, digest)
  return isRight
}

// A sender shows the same token with every message, and to digest it takes longer than to read a small body. Only of tokens that were
// right once; each is compared anew every time.
const rightOnes = new Map<string, Buffer>()
const MOST_RIGHT_ONES = 10_000
