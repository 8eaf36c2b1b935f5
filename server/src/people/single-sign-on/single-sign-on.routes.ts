/** Signing in at the identity provider: leaving for it, and coming back with a code. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { signInApi } from '@patchbay/protocol/api/sign-in.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as oidc from 'openid-client'
import type { Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import { signIn } from '../sign-in.ts'
import { arrive, type Claims } from './arrive.ts'
import { type Attempt, attemptCookie, newAttempt, openAttempt, sealAttempt } from './attempt.ts'
import { openProvider, wordsOf } from './provider.ts'
import { readSingleSignOn, type SingleSignOn } from './settings.ts'
import { tryProvider } from './try-provider.ts'

type Routes = Pick<
  typeof signInApi,
  | 'GET /api/sign-in'
  | 'GET /api/single-sign-on'
  | 'GET /api/single-sign-on/callback'
  | 'POST /api/sign-in-settings/try'
>

const FRESH_MS = 10 * 60_000

function redirectUriOf(publicUrl: string): string {
  return `${publicUrl}/api/single-sign-on/callback`
}

export function singleSignOnRoutes(ctx: Context): Handlers<Routes> {
  const { db, config, log, sealingKey, gatekeeper } = ctx
  const cookie = attemptCookie(gatekeeper.cookie)
  let kept: { version: number; until: number; provider: oidc.Configuration } | undefined

  async function providerOf(settings: SingleSignOn): Promise<oidc.Configuration> {
    if (kept && kept.version === settings.version && kept.until > performance.now()) return kept.provider
    const provider = await openProvider(ctx, settings)
    kept = { version: settings.version, until: performance.now() + FRESH_MS, provider }
    return provider
  }

  async function requireOn(): Promise<SingleSignOn> {
    const settings = await readSingleSignOn(db, sealingKey)
    if (!settings.enabled) throw new Refusal('AU-114', 'Single sign-on is not turned on.')
    return settings
  }

  async function depart(reply: FastifyReply, next: string | undefined): Promise<string> {
    const settings = await requireOn()
    const provider = await providerOf(settings)
    const attempt = newAttempt(settings.issuer, next)
    reply.setCookie(cookie.name, sealAttempt(sealingKey, attempt), cookie.options)
    return oidc.buildAuthorizationUrl(provider, {
      redirect_uri: redirectUriOf(config.publicUrl),
      scope: 'openid email profile',
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    }).href
  }

  async function comeBack(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const attempt = openAttempt(sealingKey, request.cookies[cookie.name])
    reply.clearCookie(cookie.name, cookie.options)
    const settings = await requireOn()
    // Not begun in this browser, too long ago, or at another provider.
    if (!attempt || attempt.issuer !== settings.issuer)
      throw new Refusal('AU-114', 'The answer belongs to no sign-in of this browser.')
    const claims = await claimsOf(await providerOf(settings), attempt, request)
    const user = await transaction(db, (tx) => arrive(tx, settings, claims, request.ip))
    ctx.push.ring({ changed: 'users' })
    await signIn(ctx, user, request, reply, 'single-sign-on')
    return attempt.next
  }

  async function claimsOf(
    provider: oidc.Configuration,
    attempt: Attempt,
    request: FastifyRequest,
  ): Promise<Claims> {
    const current = new URL(redirectUriOf(config.publicUrl))
    current.search = new URL(request.url, config.publicUrl).search
    const tokens = await oidc.authorizationCodeGrant(provider, current, {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.verifier,
      idTokenExpected: true,
    })
    const token = tokens.claims()
    if (!token) throw new Refusal('AU-114', 'The provider sent no ID token.')
    const more =
      token.email === undefined && provider.serverMetadata().userinfo_endpoint
        ? await oidc.fetchUserInfo(provider, tokens.access_token, token.sub)
        : token
    return {
      issuer: token.iss,
      subject: token.sub,
      email: typeof more.email === 'string' ? more.email : undefined,
      isEmailVerified: more.email_verified === true,
      fullname: typeof more.name === 'string' ? more.name : undefined,
    }
  }

  // A person looks at this in a browser: what is refused is told on the sign-in page.
  async function leadOn(reply: FastifyReply, work: () => Promise<string>): Promise<null> {
    let to: string
    try {
      to = await work()
    } catch (error) {
      const code = error instanceof Refusal ? error.code : 'AU-114'
      const reason = error instanceof Refusal ? error.detail : wordsOf(error)
      log.warn({ refusal: code, reason }, 'single sign-on failed')
      to = `/signin?refused=${code}`
    }
    await reply.header('cache-control', 'no-store').redirect(to, 302)
    return null
  }

  return {
    'GET /api/sign-in': async () => {
      const { enabled, button, passwordFor } = await readSingleSignOn(db, sealingKey)
      return { singleSignOn: enabled ? { button } : null, passwordFor: enabled ? passwordFor : 'everybody' }
    },
    'GET /api/single-sign-on': ({ query, reply }) => leadOn(reply, () => depart(reply, query.next)),
    'GET /api/single-sign-on/callback': ({ request, reply }) => leadOn(reply, () => comeBack(request, reply)),
    'POST /api/sign-in-settings/try': ({ body }) => tryProvider(ctx, body.issuer, body.clientId),
  }
}
