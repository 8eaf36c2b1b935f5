/** A small identity provider for tests: metadata, keys, an authorization page that agrees at once, and tokens that can be spoilt. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sha256 } from '@patchbay/kit/crypto.ts'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

export interface TestProvider {
  issuer: string
  clientId: string
  clientSecret: string
  /** Whom the next sign-in names, and what is wrong with it. */
  person: JWTPayload
  spoil: Spoilt
  /** Answers as the provider's page does: where the browser is sent back to. */
  agree(authorizationUrl: string): string
  /** How often each path was asked. */
  asked: Map<string, number>
  stop(): Promise<void>
}

export type Spoilt =
  | 'nothing'
  | 'signature'
  | 'nonce'
  | 'audience'
  | 'expired'
  | 'issuer'
  | 'unsigned'
  | 'issuer-parameter'
  | 'state'
  | 'metadata-issuer'
  | 'keys'

export async function startProvider(): Promise<TestProvider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const stranger = await generateKeyPair('RS256')
  const key = { ...(await exportJWK(publicKey)), kid: 'one', use: 'sig', alg: 'RS256' }
  const codes = new Map<string, { nonce: string; challenge: string; redirectUri: string }>()
  const asked = new Map<string, number>()
  const provider: TestProvider = {
    issuer: '',
    clientId: 'patchbay',
    clientSecret: 'a secret of the provider',
    person: { sub: 'one', email: 'ada@example.com', email_verified: true, name: 'Ada' },
    spoil: 'nothing',
    asked,
    agree(authorizationUrl) {
      const url = new URL(authorizationUrl)
      const get = (name: string) => url.searchParams.get(name) ?? ''
      if (get('code_challenge_method') !== 'S256' || get('response_type') !== 'code')
        throw new Error(url.href)
      const code = `code-${codes.size}`
      codes.set(code, {
        nonce: get('nonce'),
        challenge: get('code_challenge'),
        redirectUri: get('redirect_uri'),
      })
      const back = new URL(get('redirect_uri'))
      back.searchParams.set('code', code)
      back.searchParams.set('state', provider.spoil === 'state' ? 'another' : get('state'))
      const iss = provider.spoil === 'issuer-parameter' ? 'https://other.example.com' : provider.issuer
      back.searchParams.set('iss', iss)
      return back.href
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }

  async function idToken(nonce: string): Promise<string> {
    const { spoil, issuer, clientId, person } = provider
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      ...person,
      iss: spoil === 'issuer' ? 'https://other.example.com' : issuer,
      aud: spoil === 'audience' ? 'another client' : clientId,
      nonce: spoil === 'nonce' ? 'another' : nonce,
      iat: now - 5,
      exp: spoil === 'expired' ? now - 3600 : now + 300,
    }
    if (spoil === 'unsigned') {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      return `${part({ alg: 'none' })}.${part(claims)}.`
    }
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(spoil === 'signature' ? stranger.privateKey : privateKey)
  }

  const answers: Record<string, (body: URLSearchParams, authorization: string) => Promise<object> | object> =
    {
      '/.well-known/openid-configuration': () => ({
        issuer: provider.spoil === 'metadata-issuer' ? 'https://other.example.com' : provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/keys`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        id_token_signing_alg_values_supported: ['RS256'],
        authorization_response_iss_parameter_supported: true,
      }),
      '/keys': () => (provider.spoil === 'keys' ? {} : { keys: [key] }),
      '/token': async (body, authorization) => {
        const pair = `${encodeURIComponent(provider.clientId)}:${encodeURIComponent(provider.clientSecret).replaceAll('%20', '+')}`
        const code = codes.get(body.get('code') ?? '')
        codes.delete(body.get('code') ?? '')
        const proven = sha256(body.get('code_verifier') ?? '').toString('base64url')
        if (Buffer.from(authorization.slice(6), 'base64').toString() !== pair)
          return { error: 'invalid_client' }
        if (!code || proven !== code.challenge || body.get('redirect_uri') !== code.redirectUri)
          return { error: 'invalid_grant' }
        return { access_token: 'x', token_type: 'bearer', id_token: await idToken(code.nonce) }
      },
    }

  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', async () => {
      const path = request.url ?? ''
      asked.set(path, (asked.get(path) ?? 0) + 1)
      const answer = await answers[path]?.(new URLSearchParams(body), request.headers.authorization ?? '')
      const status = !answer ? 404 : 'error' in answer ? 400 : 200
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return provider
}
