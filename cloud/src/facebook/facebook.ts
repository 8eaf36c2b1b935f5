/** A Facebook page as a channel: its messages in Messenger, and what visitors write on its wall. */
import type { ChannelEvent } from '../channels/channel-event.ts'
import type { ChannelKind, Where } from '../channels/channel-kind.ts'
import type { Missed } from '../channels/missed.ts'
import { splitName } from '../channels/names.ts'
import { inUnits } from '../channels/split-text.ts'
import { list, members, readId, readText } from '../channels/values.ts'
import { readMissedMessages } from '../messaging/missed-messages.ts'
import { readMessaging } from '../messaging/read-messaging.ts'
import { attachmentKind, type MessageRules, messageParts } from '../messaging/send-messages.ts'
import { readFeed } from './feed.ts'
import { readMissedOnWall } from './missed-on-wall.ts'
import { privateParts } from './private-reply.ts'
import { commentParts } from './send-comments.ts'

const ofMessages = [
  'messages',
  'message_echoes',
  'message_deliveries',
  'message_reads',
  'message_reactions',
  'message_edits',
  'messaging_postbacks',
  'messaging_referrals',
  'messaging_optins',
  'messaging_handovers',
  'standby',
  'messaging_policy_enforcement',
]

const messenger: MessageRules = {
  name: 'Facebook',
  platform: 'messenger',
  /** Facebook says "less than 2000 characters" and not of which kind. */
  limit: { size: 1900, measure: inUnits },
  kindOf: ({ type }) => attachmentKind(type),
}

const LONGEST_NAME = 200

export const facebook: ChannelKind = {
  kind: 'facebook',
  name: 'Facebook',
  webhookObject: 'page',
  // Another program of the page has those in `standby`: they are shown like the others.
  readEntry: (where, entry) => [
    ...[...list(entry.messaging), ...list(entry.standby)].map((one) =>
      readMessaging({ ...where, channel: 'Messenger', site: 'https://www.facebook.com' }, one),
    ),
    ...list(entry.changes).map((change) => readChange(where, change)),
  ],
  contact: {
    mapKey: 'facebook',
    toKey: (person) => person,
    readPerson: (contact) => readId(contact.facebook),
  },
  profile: {
    fields: 'first_name,last_name,name',
    read: ({ first_name, last_name, name }) => {
      const firstName = readText(first_name)?.trim().slice(0, LONGEST_NAME) ?? ''
      if (firstName === '') return splitName(readText(name) ?? '')
      return { firstName, lastName: readText(last_name)?.trim().slice(0, LONGEST_NAME) ?? '' }
    },
  },
  purposesOf: ({ wallPosts }) => (wallPosts ? ['messages', 'wall'] : ['messages']),
  fieldsOf: ({ messenger: wanted, wallPosts }) => [
    ...(wanted ? ofMessages : []),
    ...(wallPosts ? ['feed'] : []),
  ],
  toParts: (outward) =>
    outward.answer.threadId === null ? messageParts(outward, messenger) : commentParts(outward),
  toPrivateParts: (outward, because) => privateParts(outward, messenger, because),
  async readMissed(asking, options) {
    const missed: Missed[] = []
    if (options.messenger) missed.push(await readMissedMessages(asking, messenger.platform))
    if (options.wallPosts) missed.push(await readMissedOnWall(asking))
    return { events: missed.flatMap(({ events }) => events), gaps: missed.flatMap(({ gaps }) => gaps) }
  },
}

function readChange(where: Where, value: unknown): ChannelEvent | undefined {
  const { field, value: change } = members(value)
  return readText(field) === 'feed' ? readFeed(where, change) : undefined
}
