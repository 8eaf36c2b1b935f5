/** Which app hears of what: the app's own subscription with its address, and that of each page. */
import { randomInt } from 'node:crypto'
import type { Box } from '../box.ts'
import type { App } from '../world/world.ts'
import { type Call, hasPermission, needPermission, needTask, pageCaller } from './call.ts'
import { GraphError, invalidParameter, missingPermission } from './errors.ts'

/** GET, POST and DELETE {app}/subscriptions, with the app's token. */
export async function appSubscriptions(call: Call): Promise<object> {
  const { app, token } = call.caller()
  if (token || app.id !== call.segments[0])
    throw new GraphError({ code: 15, message: '(#15) This method must be called with an app access_token.' })
  const { parameters, box } = call
  if (call.method === 'GET')
    return {
      data: [...app.subscriptions].map(([object, kept]) => ({
        object,
        callback_url: kept.callbackUrl,
        active: true,
        fields: kept.fields.map((name) => ({ name, version: 'v26.0' })),
      })),
    }
  if (call.method === 'DELETE') {
    const object = parameters.text('object')
    if (object === undefined) app.subscriptions.clear()
    else app.subscriptions.delete(object)
    box.changed()
    return { success: true }
  }
  const object = parameters.required('object')
  const callbackUrl = parameters.required('callback_url')
  const verifyToken = parameters.required('verify_token')
  if (object !== 'page' && object !== 'instagram') throw invalidParameter(`Unknown object ${object}`)
  await verify(box, callbackUrl, verifyToken)
  app.subscriptions.set(object, {
    callbackUrl,
    verifyToken,
    fields: parameters.list('fields') ?? [],
    includesValues: parameters.flag('include_values') ?? true,
  })
  box.changed()
  return { success: true }
}

/** Asks the address whether it knows the token: it must give the challenge back, raw. */
export async function verify(box: Box, callbackUrl: string, verifyToken: string): Promise<void> {
  const challenge = String(randomInt(1_000_000_000, 2_000_000_000))
  const url = new URL(callbackUrl)
  url.searchParams.set('hub.mode', 'subscribe')
  url.searchParams.set('hub.challenge', challenge)
  url.searchParams.set('hub.verify_token', verifyToken)
  const failed = (why: string): GraphError =>
    new GraphError({
      code: 2200,
      message: `(#2200) Callback verification failed with the following errors: ${why}`,
    })
  try {
    const answer = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(box.deliveryTimeoutMs),
    })
    const text = await answer.text()
    if (answer.status !== 200)
      throw failed(`HTTP Status Code = ${answer.status}; HTTP Message = ${text.slice(0, 100)}`)
    if (text !== challenge) throw failed('the challenge did not come back')
  } catch (error) {
    throw error instanceof GraphError ? error : failed(`curl_errno = 7; ${(error as Error).message}`)
  }
}

/** Of which one must be allowed to hear of a field. */
const fieldPermissions = (field: string): readonly string[] => {
  if (field === 'feed' || field === 'mention') return ['pages_show_list']
  if (field === 'standby' || field.startsWith('message') || field.startsWith('messaging'))
    return ['pages_messaging', 'instagram_manage_messages']
  return []
}

/** GET, POST and DELETE {page}/subscribed_apps, with the page's token. */
export function subscribedApps(call: Call): object {
  const { box, parameters } = call
  const caller = pageCaller(call, call.segments[0] ?? '')
  const { page, app } = caller
  needPermission(caller, 'pages_manage_metadata')
  needTask(caller, 'MODERATE')
  if (call.method === 'GET') {
    const known = [...page.subscribed].flatMap(([id, fields]) => {
      const subscribed = box.world.apps.get(id)
      return subscribed ? [written(subscribed, fields, box.origin)] : []
    })
    return { data: known }
  }
  if (call.method === 'DELETE') page.subscribed.delete(app.id)
  else {
    const fields = parameters.list('subscribed_fields')
    if (!fields?.length) throw invalidParameter('Param subscribed_fields must be non-empty.')
    for (const field of fields) {
      const anyOf = fieldPermissions(field)
      if (anyOf[0] && !anyOf.some((permission) => hasPermission(caller, permission)))
        throw missingPermission(anyOf[0])
    }
    const before = box.switches.subscribedApps === 'merge' ? (page.subscribed.get(app.id) ?? []) : []
    page.subscribed.set(app.id, [...new Set([...before, ...fields])])
    page.failingSince.delete(app.id)
  }
  box.changed()
  return { success: box.switches.success === 'string' ? 'true' : true }
}

const written = ({ id, name }: App, fields: readonly string[], origin: string): object => ({
  category: 'Business',
  link: origin,
  name,
  id,
  subscribed_fields: [...fields],
})
