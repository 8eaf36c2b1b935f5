/** Logging in at Facebook: to its dialog with a state that works once, and back with a code that becomes a token of sixty days. */
import type { Context } from '../../context.ts'
import type { Login } from '../../integrations/logins.ts'
import { wantedPermissions } from './permissions.ts'

export function dialogUrl(
  { config, graph }: Pick<Context, 'config' | 'graph'>,
  state: string,
  again: boolean,
): string {
  const { appId, configId, scopes, dialogUrl, graphVersion } = graph.app()
  const url = new URL(`${dialogUrl}/${graphVersion}/dialog/oauth`)
  const wanted = scopes ?? wantedPermissions.map(({ name }) => name)
  const params: Record<string, string> = {
    client_id: appId,
    redirect_uri: callbackUrl(config.publicUrl),
    state,
    response_type: 'code',
    // A configuration of Facebook Login for Business holds the permissions itself.
    ...(configId ? { config_id: configId } : { scope: wanted.join(',') }),
    // What was declined once is not asked again otherwise.
    ...(again && { auth_type: 'rerequest' }),
  }
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
  return url.href
}

// The same to the letter in the dialog, in the exchange, and in the settings of the app at Meta.
export function callbackUrl(publicUrl: string): string {
  return `${publicUrl}/connect/facebook/callback`
}

interface Token {
  access_token: string
  expires_in?: number
}

/** The code is good once: a failure wants a new login. Throws a GraphError. */
export async function arrive(
  { config, graph }: Pick<Context, 'config' | 'graph'>,
  code: string,
): Promise<Login> {
  const short = await graph.exchange<Token>({ code, redirect_uri: callbackUrl(config.publicUrl) })
  // A page's token lasts as long as the user's from which it comes.
  const long = await graph.exchange<Token>({
    grant_type: 'fb_exchange_token',
    fb_exchange_token: short.access_token,
  })
  const token = long.access_token
  const [person, answered] = await Promise.all([
    graph.get<{ id: string; name?: string }>('me', token, { fields: 'id,name' }),
    askGranted(graph, token),
  ])
  const seconds = Number(long.expires_in)
  return {
    token,
    tokenExpiresAt: seconds > 0 ? new Date(Date.now() + seconds * 1000) : null,
    facebookUserId: String(person.id),
    name: person.name ?? '',
    ...answered,
  }
}

/** What the person has ticked, as it stands now. Throws a GraphError. */
export async function askGranted(
  graph: Context['graph'],
  token: string,
): Promise<Pick<Login, 'granted' | 'declined'>> {
  const permissions = await graph.list<{ permission: string; status: string }>('me/permissions', token)
  const of = (isGranted: boolean): string[] =>
    permissions
      .filter(({ status }) => (status === 'granted') === isGranted)
      .map(({ permission }) => permission)
  return { granted: of(true), declined: of(false) }
}
