/** Access tokens: how they are made, what they stand for, and why they are refused. */
import { createHmac } from 'node:crypto'
import { equalInConstantTime } from '@patchbay/kit/crypto.ts'
import type { Box } from '../box.ts'
import { tokenValue } from '../world/ids.ts'
import type { App, Page, Person, Token } from '../world/world.ts'
import { expiredToken, graphError } from './errors.ts'
import type { Parameters } from './parameters.ts'

/** An app token has neither person nor page, a user token no page. */
export interface Caller {
  app: App
  token?: Token
  person?: Person
  page?: Page
}

export function findApp(box: Box, id: string, secret: string): App {
  const app = box.world.apps.get(id)
  if (!app) throw graphError('wrongApp')
  if (!equalInConstantTime(app.secret, secret)) throw graphError('wrongSecret')
  return app
}

export function makeUserToken(box: Box, kind: 'short' | 'long', appId: string, personId: string): Token {
  const now = box.clock.now()
  const life = kind === 'short' ? box.switches.shortTokenMs : box.switches.longTokenMs
  const token: Token = { value: tokenValue(), kind, appId, personId, issuedAt: now, expiresAt: now + life }
  box.world.tokens.set(token.value, token)
  box.changed()
  return token
}

/** One for each page, person and app, for as long as it is good: that of a long-lived user token never expires. */
export function pageToken(box: Box, user: Token, pageId: string): Token {
  const expiresAt = user.kind === 'long' ? 0 : user.expiresAt
  for (const token of box.world.tokens.values()) {
    const isSame =
      token.kind === 'page' &&
      token.pageId === pageId &&
      token.personId === user.personId &&
      token.appId === user.appId
    if (isSame && token.expiresAt === expiresAt && token.revokedBy === undefined) return token
  }
  const token: Token = {
    value: tokenValue(),
    kind: 'page',
    appId: user.appId,
    personId: user.personId,
    pageId,
    issuedAt: box.clock.now(),
    expiresAt,
  }
  box.world.tokens.set(token.value, token)
  box.changed()
  return token
}

/** Why a token is dead, as a subcode of 190; undefined when it lives. */
export function deathOf(box: Box, token: Token): number | undefined {
  const { world, clock } = box
  if (token.revokedBy !== undefined) return token.revokedBy
  const grant = world.apps.get(token.appId)?.grants.get(token.personId)
  if (!grant) return 458
  if (token.expiresAt !== 0 && token.expiresAt <= clock.now()) return 463
  if (token.pageId === undefined) return undefined
  const tasks = world.people.get(token.personId)?.roles.get(token.pageId)
  return tasks && grant.pageIds.includes(token.pageId) ? undefined : 492
}

export function readToken(box: Box, value: string): Caller {
  const { world } = box
  const [, appId, secret] = /^(\d+)\|(.+)$/.exec(value) ?? []
  if (appId && secret) return { app: findApp(box, appId, secret) }
  const token = world.tokens.get(value)
  const app = token && world.apps.get(token.appId)
  const person = token && world.people.get(token.personId)
  if (!token || !app || !person) throw graphError('badToken')
  const death = deathOf(box, token)
  if (death !== undefined) throw expiredToken(death, app.id, person.id)
  const page = token.pageId === undefined ? undefined : world.pages.get(token.pageId)
  return { app, token, person, ...(page && { page }) }
}

const PROOF_LIVES_SECONDS = 300

/** Both ways to prove: of the token alone, or of the token and a time that is not older than five minutes. */
export function checkProof(box: Box, { app }: Caller, value: string, parameters: Parameters): void {
  const given = parameters.text('appsecret_proof')
  if (!given) {
    if (app.needsProof) throw graphError('noProof')
    return
  }
  const time = parameters.number('appsecret_time')
  const isFresh = time === undefined || Math.abs(box.clock.now() / 1000 - time) <= PROOF_LIVES_SECONDS
  if (!isFresh || !equalInConstantTime(given, proofOf(app.secret, value, time))) throw graphError('badProof')
}

export function proofOf(secret: string, token: string, time?: number): string {
  const text = time === undefined ? token : `${token}|${time}`
  return createHmac('sha256', secret).update(text).digest('hex')
}
