/** Messages that no webhook brought: conversations back to what is known, each as far back as Meta gives its messages. */
import type { ChannelEvent } from '../channels/channel-event.ts'
import type { Asking, Missed } from '../channels/missed.ts'
import { list, members, readId, readTime } from '../channels/values.ts'
import { GraphError } from '../graph/graph-error.ts'
import { say } from '../texts/say.ts'
import { conversationFields, messageFields, NEWEST, readMessages } from './conversation-messages.ts'

const MOST_CONVERSATIONS = 1000
const MOST_OF_ONE = 500

export async function readMissedMessages(
  asking: Asking,
  platform: 'messenger' | 'instagram',
): Promise<Missed> {
  const { graph, nodeId, token, since } = asking
  const { rows, isWhole } = await graph.walk<unknown>(
    `${nodeId}/conversations`,
    token,
    { platform, fields: conversationFields, limit: '50' },
    { most: MOST_CONVERSATIONS, isMet: (row) => isBefore(members(row).updated_time, since) },
  )
  const events: ChannelEvent[] = []
  for (const conversation of rows) events.push(...(await readConversation(asking, conversation)))
  const gaps = isWhole ? [] : [say('gap-conversations', { most: MOST_CONVERSATIONS })]
  return { events, gaps }
}

async function readConversation(asking: Asking, conversation: unknown): Promise<ChannelEvent[]> {
  const { since } = asking
  const { id, messages } = members(conversation)
  const newest = list(members(messages).data)
  const isEnough = newest.length < NEWEST || newest.some((row) => isBefore(members(row).created_time, since))
  const earlier = isEnough ? { rows: [], isWhole: true } : await readEarlier(asking, readId(id), messages)
  const events = readMessages(asking, [...newest, ...earlier.rows], since)
  const oldest = events.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))[0]
  if (earlier.isWhole || !oldest || (await asking.isTold(oldest.key))) return events
  return [describeGap(oldest, since), ...events]
}

/** Whole: until a message from before, or the first one of all. */
async function readEarlier(
  { graph, token, since }: Asking,
  id: string | undefined,
  newest: unknown,
): Promise<{ rows: unknown[]; isWhole: boolean }> {
  if (id === undefined) return { rows: [], isWhole: false }
  const { after } = members(members(members(newest).paging).cursors)
  try {
    const { rows, isWhole } = await graph.walk<unknown>(
      `${id}/messages`,
      token,
      { fields: messageFields, limit: '100' },
      {
        most: MOST_OF_ONE,
        isMet: (row) => isBefore(members(row).created_time, since),
        after: readId(after),
      },
    )
    // Of a message whose content is not given out, somebody's name is missing as well.
    const isGiven = (row: unknown): boolean =>
      isBefore(members(row).created_time, since) || members(row).from !== undefined
    return { rows, isWhole: isWhole && rows.every(isGiven) }
  } catch (error) {
    if (!(error instanceof GraphError) || error.retryable || error.kind === 'token') throw error
    return { rows: [], isWhole: false }
  }
}

/** In the thread itself, where the agent would look for what is missing. */
function describeGap({ pageId, person, conversation, at }: ChannelEvent, since: Date): ChannelEvent {
  const messageId = `gap.${person}.${since.getTime()}`
  return {
    type: 'message',
    key: `message:${messageId}`,
    pageId,
    person,
    conversation,
    at: new Date(Date.parse(at) - 1).toISOString(),
    messageId,
    body: '(Earlier messages were missed and are not given out any more: the page’s own inbox has them.)',
    files: [],
  }
}

export function isBefore(time: unknown, since: Date): boolean {
  const at = readTime(time)
  return at !== undefined && at < since
}
