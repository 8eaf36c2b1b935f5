/** Hands an event to every app that subscribed to it, for the page and for itself. */
import type { Box } from '../box.ts'
import { pageIdOn } from '../world/people.ts'
import { INBOX_APP, type Page, type Thread } from '../world/world.ts'
import { enqueue } from './deliveries.ts'

/** An element of `messaging`; `field` is what must be subscribed. Another app's thread makes it a matter of `standby`. */
export function emitMessaging(box: Box, thread: Thread, field: string, event: object): void {
  const page = box.world.pages.get(thread.pageId)
  if (!page) return
  const object = thread.platform === 'instagram' ? 'instagram' : 'page'
  for (const [appId, fields] of page.subscribed) {
    const isStandby = thread.ownerAppId !== undefined && thread.ownerAppId !== appId
    const wanted = isStandby && field !== 'messaging_handovers' ? 'standby' : field
    // Of an Instagram account the fields are the app's: its page has only to be subscribed to messages.
    const ofPage = object === 'instagram' ? 'messages' : wanted
    if (!fields.includes(ofPage) || !subscribes(box, appId, object, wanted)) continue
    enqueue(box, appId, [page.id], 'messaging', object, [
      {
        id: pageIdOn(page, thread.platform),
        time: box.clock.now(),
        [wanted === 'standby' ? 'standby' : 'messaging']: [event],
      },
    ])
  }
}

/** A change of the wall; times of `changes` are seconds. */
export function emitChange(box: Box, page: Page, field: string, value: object): void {
  for (const [appId, fields] of page.subscribed) {
    if (!fields.includes(field) || !subscribes(box, appId, 'page', field)) continue
    const includesValues = box.world.apps.get(appId)?.subscriptions.get('page')?.includesValues ?? true
    enqueue(box, appId, [page.id], 'feed', 'page', [
      {
        id: page.id,
        time: Math.floor(box.clock.now() / 1000),
        ...(includesValues ? { changes: [{ value, field }] } : { changed_fields: [field] }),
      },
    ])
  }
}

function subscribes(box: Box, appId: string, object: string, field: string): boolean {
  if (appId === INBOX_APP) return false
  return box.world.apps.get(appId)?.subscriptions.get(object)?.fields.includes(field) ?? false
}
