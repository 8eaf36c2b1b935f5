/** An Instagram professional account as a channel: its direct messages, by the token of the page to which it is linked. */
import type { ChannelKind } from '../channels/channel-kind.ts'
import { splitName } from '../channels/names.ts'
import { inBytes } from '../channels/split-text.ts'
import { list, readId, readText } from '../channels/values.ts'
import { readMissedMessages } from '../messaging/missed-messages.ts'
import { readMessaging } from '../messaging/read-messaging.ts'
import { attachmentKind, type MessageRules, messageParts } from '../messaging/send-messages.ts'
import { readStories } from './stories.ts'

/** As a page's subscription names them; without any of them Meta tells nothing of the account either. */
const fields = [
  'messages',
  'message_reactions',
  'message_edits',
  'messaging_postbacks',
  'messaging_referrals',
  'messaging_handovers',
  'standby',
]

const rules: MessageRules = {
  name: 'Instagram',
  platform: 'instagram',
  limit: { size: 1000, measure: inBytes },
  kindOf({ type }) {
    const kind = attachmentKind(type)
    return kind === 'file' && type !== 'application/pdf' ? null : kind
  },
  pictureBytes: 8 * 1024 * 1024,
  // An upload under a name with other characters is refused.
  nameOf: (name) => name.replaceAll(/[^\x20-\x7e]/g, '_'),
}

const PREFIX = 'instagram:'

export const instagram: ChannelKind = {
  kind: 'instagram',
  name: 'Instagram',
  webhookObject: 'instagram',
  // `changes` are comments and mentions, which nobody has asked for.
  readEntry: (where, entry) => [
    ...[...list(entry.messaging), ...list(entry.standby)].map((one) =>
      readMessaging(
        { ...where, channel: 'Instagram', site: 'https://www.instagram.com', readMore: readStories },
        one,
      ),
    ),
    ...list(entry.changes).map(() => undefined),
  ],
  contact: {
    // The Receive URL knows no field of Instagram's own, and Meta counts people of both in the same way.
    mapKey: 'facebook',
    toKey: (person) => PREFIX + person,
    readPerson: (contact) => {
      const key = readText(contact.facebook)
      return key?.startsWith(PREFIX) ? readId(key.slice(PREFIX.length)) : undefined
    },
  },
  profile: {
    fields: 'name,username',
    read: ({ name, username }) => splitName(readText(name) ?? '') ?? splitName(readText(username) ?? ''),
  },
  purposesOf: () => ['instagram'],
  fixedOptions: { messenger: true, wallPosts: false },
  fieldsOf: ({ messenger }) => (messenger ? fields : []),
  extraFields: ['messaging_seen'],
  toParts: (outward) => messageParts(outward, rules),
  readMissed: async (asking, { messenger }) =>
    messenger ? readMissedMessages(asking, rules.platform) : { events: [], gaps: [] },
}
