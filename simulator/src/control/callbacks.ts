/** What Meta posts to an app outside of webhooks: that somebody took it back, and that somebody wants to be forgotten. */
import type { Box } from '../box.ts'
import { signRequest } from '../deliveries/wire.ts'
import type { App } from '../world/world.ts'
import { ControlError } from './verb.ts'

interface CallbackAnswer {
  status: number
  body: string
}

/** A person takes the app back, or a page does; the tokens die first. */
export async function deauthorize(
  box: Box,
  app: App,
  who: { person?: string | undefined; page?: string | undefined },
): Promise<CallbackAnswer | undefined> {
  const asid = who.person === undefined ? null : (app.grants.get(who.person)?.asid ?? null)
  if (who.person !== undefined && asid === null)
    throw new ControlError('That person allowed the app nothing.')
  if (who.person !== undefined) {
    const grant = app.grants.get(who.person)
    app.grants.delete(who.person)
    const stillGranted = new Set([...app.grants.values()].flatMap(({ pageIds }) => pageIds))
    for (const id of grant?.pageIds ?? [])
      if (!stillGranted.has(id)) box.world.pages.get(id)?.subscribed.delete(app.id)
  }
  if (who.page !== undefined) {
    box.world.pages.get(who.page)?.subscribed.delete(app.id)
    for (const token of box.world.tokens.values())
      if (token.appId === app.id && token.pageId === who.page) token.revokedBy = 458
  }
  box.changed()
  return app.deauthorizeUrl === ''
    ? undefined
    : call(box, app, app.deauthorizeUrl, {
        user_id: asid,
        ...(who.page !== undefined && { profile_id: who.page }),
      })
}

export async function askForDeletion(box: Box, app: App, personId: string): Promise<CallbackAnswer> {
  const asid = app.grants.get(personId)?.asid
  if (app.deletionUrl === '') throw new ControlError('The app has no address for deletion.')
  // An unknown id is asked for too: the app must answer all the same.
  return call(box, app, app.deletionUrl, { user_id: asid ?? personId })
}

async function call(box: Box, app: App, url: string, who: object): Promise<CallbackAnswer> {
  const payload = { algorithm: 'HMAC-SHA256', issued_at: Math.floor(box.clock.now() / 1000), ...who }
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ signed_request: signRequest(app.secret, payload) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(box.deliveryTimeoutMs),
  }).catch((error: Error) => {
    throw new ControlError(`${url} does not answer: ${error.message}`)
  })
  return { status: answer.status, body: (await answer.text()).slice(0, 4_000) }
}
