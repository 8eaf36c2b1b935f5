/** What may be sent when: windows, tags, lengths. */
import type { Box } from '../box.ts'
import type { App, Platform, Thread } from '../world/world.ts'
import { graphError, invalidParameter, missingPermission } from './errors.ts'

const day = 86_400_000
const WINDOW_MS = day
const HUMAN_WINDOW_MS = 7 * day
const CHARACTERS = 2000
const INSTAGRAM_BYTES = 1000
const retiredTags = ['CONFIRMED_EVENT_UPDATE', 'ACCOUNT_UPDATE', 'POST_PURCHASE_UPDATE']

export const messagesPermission = (platform: Platform): string =>
  platform === 'instagram' ? 'instagram_manage_messages' : 'pages_messaging'

export function checkWindow(
  box: Box,
  app: App,
  thread: Thread,
  type = 'RESPONSE',
  tag: string | undefined,
): void {
  const ageMs = box.clock.now() - thread.openedAt
  if (type === 'RESPONSE' || type === 'UPDATE') {
    if (tag !== undefined && tag !== '')
      throw invalidParameter('A tag goes with messaging_type MESSAGE_TAG only.')
    if (thread.awaitsPerson || ageMs > WINDOW_MS) throw graphError(outsideOf(thread))
    return
  }
  if (type === 'UTILITY') return
  if (type !== 'MESSAGE_TAG')
    throw invalidParameter(
      'param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG, UTILITY}, got something else.',
    )
  if (tag === undefined)
    throw invalidParameter('The parameter tag is required with messaging_type MESSAGE_TAG.')
  if (retiredTags.includes(tag)) throw invalidParameter(`The message tag ${tag} is no longer supported.`)
  if (tag === 'CUSTOMER_FEEDBACK' && thread.platform === 'messenger') return
  if (tag !== 'HUMAN_AGENT') throw invalidParameter(`param tag must be a known tag, got ${tag}.`)
  if (!app.hasHumanAgent) throw missingPermission('Human Agent')
  if (thread.awaitsPerson || ageMs > HUMAN_WINDOW_MS) throw graphError(outsideOf(thread))
}

const outsideOf = ({ platform }: Thread) =>
  platform === 'instagram' ? ('outsideInstagramWindow' as const) : ('outsideWindow' as const)

export function checkText(platform: Platform, text: string): void {
  if (text === '') throw graphError('emptyMessage')
  if (platform === 'instagram' && Buffer.byteLength(text) > INSTAGRAM_BYTES)
    throw invalidParameter('Length of param message[text] must be less than or equal to 1000')
  // The unit is nowhere defined; what all readings agree on is that more code points than this are too many.
  if ([...text].length >= CHARACTERS)
    throw invalidParameter('Length of param message[text] must be less than or equal to 2000')
}
