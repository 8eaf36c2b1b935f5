/** The identity provider, asked through the guarded door alone: its metadata, its keys, and codes for tokens. */
import { isLoopbackHost } from '@patchbay/kit/config.ts'
import { DoorError } from '@patchbay/kit/door-error.ts'
import { isAllowedHost } from '@patchbay/kit/outbound-policy.ts'
import * as oidc from 'openid-client'
import type { Context } from '../../context.ts'

export interface ProviderOptions {
  issuer: string
  clientId: string
  /** Empty: a client without a secret, which PKCE alone protects. */
  clientSecret: string
}

const TIMEOUT_SECONDS = 15
/** Large providers list dozens of keys with their certificates. */
const MOST_BYTES = 512 * 1024

/** Reads the provider's metadata. Throws what `wordsOf` puts into a sentence. */
export async function openProvider(
  { door, config: { outboundAllow } }: Pick<Context, 'door' | 'config'>,
  { issuer, clientId, clientSecret }: ProviderOptions,
): Promise<oidc.Configuration> {
  const url = new URL(issuer)
  const throughDoor: oidc.CustomFetch = async (address, { method, headers, body, signal }) => {
    const answer = await door.request({
      method: method === 'POST' ? 'POST' : 'GET',
      url: address,
      headers,
      ...(body ? { body: body instanceof Uint8Array ? body : String(body) } : {}),
      maxResponseBytes: MOST_BYTES,
      ...(signal && { signal }),
    })
    const type = answer.headers['content-type']
    return new Response(new Uint8Array(answer.body), {
      status: answer.status,
      headers: { 'content-type': Array.isArray(type) ? (type[0] ?? '') : (type ?? '') },
    })
  }
  // Plain http only where the operator keeps the provider beside this server.
  const isNear = isLoopbackHost(url.hostname) || isAllowedHost(outboundAllow, url.hostname)
  const allowing = url.protocol === 'http:' && isNear ? [oidc.allowInsecureRequests] : []
  const found = await oidc.discovery(url, clientId, undefined, oidc.None(), {
    [oidc.customFetch]: throughDoor,
    execute: allowing,
    timeout: TIMEOUT_SECONDS,
  })
  const metadata = found.serverMetadata()
  // Without a word about it, the standard says Basic.
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  const secretAuth = methods.includes('client_secret_basic') ? oidc.ClientSecretBasic : oidc.ClientSecretPost
  const config = new oidc.Configuration(
    metadata,
    clientId,
    undefined,
    clientSecret ? secretAuth(clientSecret) : oidc.None(),
  )
  config[oidc.customFetch] = throughDoor
  config.timeout = TIMEOUT_SECONDS
  for (const allow of allowing) allow(config)
  // The signature counts also for tokens that came over TLS.
  oidc.enableNonRepudiationChecks(config)
  return config
}

/** What went wrong, as a sentence for an admin. Nothing of tokens or secrets is in it. */
export function wordsOf(error: unknown): string {
  let deepest = 'nothing more is known'
  for (let at = error; at instanceof Error; at = at.cause) {
    deepest = at.message
    if (at instanceof DoorError) return `The provider cannot be called: ${at.message}`
    if (at instanceof oidc.ResponseBodyError)
      return `The provider refuses: ${at.error}${at.error_description ? `, ${at.error_description}` : ''}.`
    if (at instanceof oidc.AuthorizationResponseError)
      return `The provider refuses: ${at.error}${at.error_description ? `, ${at.error_description}` : ''}.`
  }
  return `The provider’s answer is not usable: ${deepest}.`
}
