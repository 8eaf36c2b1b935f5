/** The login dialog as a matter of data: is the request good, and what follows from the person's decision. */
import type { Box } from '../box.ts'
import { makeUserToken } from '../graph/tokens.ts'
import { codeValue, scopedNumber } from '../world/ids.ts'
import type { App, Grant, Person } from '../world/world.ts'
import { parseScope } from './permissions.ts'

export interface DialogRequest {
  app: App
  redirectUri: string
  state: string | undefined
  responseTypes: string[]
  permissions: string[]
  asksAgain: boolean
}

export type Query = Readonly<Record<string, string | undefined>>

const CODE_LIVES_MS = 600_000
const responseTypes = ['code', 'token', 'granted_scopes']

/** A sentence, where the dialog must not even return to the app. */
export function readRequest(box: Box, query: Query): DialogRequest | string {
  const app = box.world.apps.get(query.client_id ?? '')
  if (!app) return 'Invalid app ID: the provided app ID does not look like a valid app ID.'
  const redirectUri = query.redirect_uri
  if (redirectUri === undefined) return 'The redirect_uri is missing.'
  // Exact, path and query included: nothing of an address is ignored.
  if (!app.redirectUris.includes(redirectUri))
    return 'URL blocked: this redirect failed because the redirect URI is not white-listed in the app’s client OAuth settings.'
  const types = (query.response_type ?? 'code').split(/[\s,]+/).filter(Boolean)
  const unknownType = types.find((type) => !responseTypes.includes(type))
  if (unknownType !== undefined) return `Invalid response_type: ${unknownType}`
  const configured = query.config_id === undefined ? undefined : app.configurations.get(query.config_id)
  if (query.config_id !== undefined && !configured) return 'The config_id is not a configuration of this app.'
  return {
    app,
    redirectUri,
    state: query.state,
    responseTypes: types,
    permissions: parseScope([...(configured ?? []), query.scope ?? ''].join(' ')),
    asksAgain: query.auth_type === 'rerequest',
  }
}

/** What was declined before is only asked again on request. */
export function declinedBefore({ app, asksAgain }: DialogRequest, personId: string): string[] {
  if (asksAgain) return []
  return [...(app.grants.get(personId)?.permissions ?? [])]
    .filter(([, status]) => status === 'declined')
    .map(([name]) => name)
}

export interface Decision {
  person: Person
  permissions: readonly string[]
  pageIds: readonly string[]
}

/** Notes the grant; answers where the browser goes. */
export function accept(box: Box, request: DialogRequest, decision: Decision): string {
  const { app, permissions } = request
  const { person } = decision
  const declined = declinedBefore(request, person.id)
  const before = app.grants.get(person.id)
  const grant: Grant = {
    personId: person.id,
    asid: before?.asid ?? scopedNumber(),
    permissions: new Map(before?.permissions),
    pageIds: decision.pageIds.filter((id) => person.roles.has(id)),
  }
  for (const name of permissions) {
    if (declined.includes(name)) continue
    // The profile cannot be held back.
    const isGranted = name === 'public_profile' || decision.permissions.includes(name)
    grant.permissions.set(name, isGranted ? 'granted' : 'declined')
  }
  app.grants.set(person.id, grant)
  box.changed()
  return returnAddress(box, request, person, grant)
}

function returnAddress(box: Box, request: DialogRequest, person: Person, grant: Grant): string {
  const { app, redirectUri, responseTypes: types, state } = request
  const url = new URL(redirectUri)
  if (types.includes('code')) {
    const code = {
      value: codeValue(),
      appId: app.id,
      personId: person.id,
      redirectUri,
      expiresAt: box.clock.now() + CODE_LIVES_MS,
      isUsed: false,
    }
    box.world.codes.set(code.value, code)
    box.changed()
    url.searchParams.set('code', code.value)
  }
  if (types.includes('granted_scopes')) {
    const granted = [...grant.permissions].filter(([, status]) => status === 'granted').map(([name]) => name)
    url.searchParams.set('granted_scopes', granted.join(','))
  }
  if (state !== undefined) url.searchParams.set('state', state)
  if (types.includes('token')) {
    const token = makeUserToken(box, 'short', app.id, person.id)
    const life = Math.floor((token.expiresAt - box.clock.now()) / 1000)
    url.hash = `access_token=${token.value}&expires_in=${life}`
  } else if (box.switches.hasFragment) url.hash = '_=_'
  return url.href
}

export function cancelAddress(box: Box, { redirectUri, state }: DialogRequest): string {
  const url = new URL(redirectUri)
  url.searchParams.set('error_reason', 'user_denied')
  url.searchParams.set('error', 'access_denied')
  url.searchParams.set('error_description', 'Permissions error.')
  if (state !== undefined && box.switches.hasStateOnCancel) url.searchParams.set('state', state)
  return url.href
}
