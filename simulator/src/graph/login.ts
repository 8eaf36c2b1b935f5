/** Codes into tokens, tokens into longer ones, and what a token is worth. */
import type { Token } from '../world/world.ts'
import type { Call } from './call.ts'
import { graphError, invalidParameter, notFound } from './errors.ts'
import { deathOf, findApp, makeUserToken, readToken } from './tokens.ts'

/** GET or POST oauth/access_token: a code, a short-lived token, or the app's own secret. */
export function exchange({ box, parameters }: Call): object {
  const app = findApp(box, parameters.required('client_id'), parameters.required('client_secret'))
  const kind = parameters.text('grant_type')
  if (kind === 'client_credentials') return { access_token: `${app.id}|${app.secret}`, token_type: 'bearer' }
  if (kind === 'fb_exchange_token') {
    const { token, app: owner } = readToken(box, parameters.required('fb_exchange_token'))
    if (!token || token.kind === 'page') throw graphError('badToken')
    if (owner.id !== app.id) throw graphError('wrongApp')
    return answer(makeUserToken(box, 'long', app.id, token.personId))
  }
  const code = box.world.codes.get(parameters.required('code'))
  if (code?.appId !== app.id) throw graphError('codeUnknown')
  if (code.isUsed) throw graphError('codeUsed')
  if (code.expiresAt <= box.clock.now()) throw graphError('codeExpired')
  const redirectUri = parameters.text('redirect_uri')
  if (redirectUri !== code.redirectUri) throw graphError('redirectDiffers')
  code.isUsed = true
  return answer(makeUserToken(box, 'short', app.id, code.personId))
}

function answer(token: Token): object {
  return {
    access_token: token.value,
    token_type: 'bearer',
    expires_in: Math.floor((token.expiresAt - token.issuedAt) / 1000),
  }
}

/** GET debug_token, asked with the app's token or one of its users'. */
export function debugToken(call: Call): object {
  const { box, parameters } = call
  const { app } = call.caller()
  const asked = parameters.required('input_token')
  const token = box.world.tokens.get(asked)
  if (!token || token.appId !== app.id) {
    return {
      data: {
        error: { code: 190, message: 'Invalid OAuth access token - Cannot parse access token' },
        is_valid: false,
        scopes: [],
      },
    }
  }
  const death = deathOf(box, token)
  const grant = app.grants.get(token.personId)
  const scopes = [...(grant?.permissions ?? [])]
    .filter(([, status]) => status === 'granted')
    .map(([name]) => name)
  const seconds = (ms: number): number => Math.floor(ms / 1000)
  return {
    data: {
      app_id: app.id,
      type: token.kind === 'page' ? 'PAGE' : 'USER',
      application: app.name,
      data_access_expires_at: seconds(token.issuedAt) + 90 * 86_400,
      expires_at: seconds(token.expiresAt),
      issued_at: seconds(token.issuedAt),
      is_valid: death === undefined,
      ...(death !== undefined && {
        error: { code: 190, subcode: death, message: 'Error validating access token.' },
      }),
      scopes: death === undefined ? scopes : [],
      granular_scopes: scopes.map((scope) => ({
        scope,
        ...(scope.startsWith('pages_') && { target_ids: grant?.pageIds ?? [] }),
      })),
      user_id: grant?.asid ?? '0',
      ...(token.pageId !== undefined && { profile_id: token.pageId }),
    },
  }
}

/** GET me/permissions */
export function permissions(call: Call): object {
  const { app, person, page } = call.caller()
  if (!person || page) throw invalidParameter('Tried accessing nonexisting field (permissions)')
  return {
    data: [...(app.grants.get(person.id)?.permissions ?? [])].map(([permission, status]) => ({
      permission,
      status,
    })),
  }
}

/** DELETE me/permissions and me/permissions/{name}: the app gives back what it was allowed. */
export function revokePermissions(call: Call): object {
  const { app, person, page } = call.caller()
  if (!person || page) throw notFound('permissions')
  const [, , name] = call.segments
  if (name === undefined) app.grants.delete(person.id)
  else app.grants.get(person.id)?.permissions.delete(name)
  call.box.changed()
  return { success: true }
}
