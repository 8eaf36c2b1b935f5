/** Tries the provider before anybody depends on it, and says in words what is wrong. */
import type { ProviderTrial } from '@patchbay/protocol/api/sign-in.ts'
import type { Context } from '../../context.ts'
import { openProvider, wordsOf } from './provider.ts'

export async function tryProvider(ctx: Context, issuer: string, clientId: string): Promise<ProviderTrial> {
  const found: string[] = []
  const wrong: string[] = []
  try {
    const config = await openProvider(ctx, { issuer, clientId, clientSecret: '' })
    const metadata = config.serverMetadata()
    found.push(`${metadata.issuer} answers and names itself so.`)
    for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const)
      if (!metadata[name]) wrong.push(`Its metadata lack ${name}.`)
    const types = metadata.response_types_supported
    if (types && !types.includes('code')) wrong.push('It does not offer the authorization code flow.')
    if (metadata.code_challenge_methods_supported && !metadata.supportsPKCE())
      wrong.push('It does not offer PKCE with S256.')
    if (metadata.scopes_supported && !metadata.scopes_supported.includes('email'))
      wrong.push('It does not offer the scope email, by which users are found.')
    if (metadata.jwks_uri) await tryKeys(ctx, metadata.jwks_uri, found, wrong)
  } catch (error) {
    wrong.push(wordsOf(error))
  }
  return { ok: wrong.length === 0, found, wrong }
}

async function tryKeys({ door }: Context, url: string, found: string[], wrong: string[]): Promise<void> {
  const answer = await door.request({ method: 'GET', url, maxResponseBytes: 512 * 1024 })
  const count = countKeys(answer.body.toString('utf8'))
  if (answer.status === 200 && count > 0) found.push(`Its keys can be read: ${count}.`)
  else wrong.push(`Its keys cannot be read: ${url} answers ${answer.status} without keys.`)
}

function countKeys(text: string): number {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown }
    return Array.isArray(keys) ? keys.length : 0
  } catch {
    return 0
  }
}
