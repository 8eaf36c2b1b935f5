/** Tells echoes of our own answers from answers that somebody wrote in the channel's own app. */
import type { EchoEvent } from '../../channels/channel-event.ts'
import type { Answer } from '../../channels/outward.ts'
import { areSameWords } from '../../channels/same-words.ts'
import * as conversations from '../../conversations/conversations.ts'
import { readOurs } from '../answer/mark.ts'
import type { Bound } from '../bound.ts'
import type { FlowContext } from '../flow-context.ts'

/** Longer than the slowest call that sends. */
const UNDER_WAY_MS = 2 * 60_000

/**
 * Notes what it says of the answer, where it is one of ours. `later`: an answer to this person is under way, and the channel has not
 * said yet which message it became.
 */
export async function whoseEcho(
  ctx: FlowContext,
  bound: Bound,
  event: EchoEvent,
): Promise<'ours' | 'theirs' | 'later'> {
  const { db, appId } = ctx
  const marked = readOurs(event.metadata)
  const noteSent = (ours: { parcelId: number; part: number }) =>
    conversations.noteSent(db, {
      ...ours,
      integrationId: bound.id,
      messageId: event.messageId,
      at: new Date(event.at),
    })
  if (marked) {
    await noteSent(marked)
    return 'ours'
  }
  if (event.appId !== undefined && event.appId === appId) return 'ours'
  if (await conversations.isSent(db, bound.id, event.messageId)) return 'ours'
  if (event.appId !== undefined) return 'theirs'
  const asked = await findAsked(db, bound, event)
  const like = asked.find(({ isLike }) => isLike)
  if (like) {
    await noteSent(like)
    return 'ours'
  }
  return asked.some(
    ({ isOver, askedAt }) => !isOver && askedAt && Date.now() - askedAt.getTime() < UNDER_WAY_MS,
  )
    ? 'later'
    : 'theirs'
}

interface Asked {
  parcelId: number
  part: number
  askedAt: Date | null
  /** It was given up, and its words are gone. */
  isOver: boolean
  /** As far as one can see, the echo is of it. */
  isLike: boolean
}

/** A channel that keeps no mark may echo an answer before it has acknowledged it: it says what we asked to be said. */
async function findAsked(
  db: FlowContext['db'],
  { id, channel }: Bound,
  { person, body, files }: EchoEvent,
): Promise<Asked[]> {
  if (person === null) return []
  const asked = await db
    .selectFrom('sent')
    .innerJoin('parcel', 'parcel.id', 'sent.parcel_id')
    .select([
      'sent.parcel_id as parcelId',
      'sent.part',
      'sent.sent_at as askedAt',
      'parcel.content',
      'parcel.state',
    ])
    .where('sent.integration_id', '=', id)
    .where('sent.person', '=', person)
    .where('sent.message_id', 'is', null)
    .where('sent.thread_id', 'is', null)
    .orderBy('sent.id')
    .execute()
  return asked.map(({ content, state, ...one }) => {
    const isOver = state !== 'pending'
    // Stored by us, from what `readAnswer` made.
    const texts = isOver ? [] : channel.textsOf(content as Answer)
    return {
      ...one,
      isOver,
      isLike: texts === null ? files.length > 0 : isPart(texts[one.part], body),
    }
  })
}

const isPart = (text: string | undefined, body: string): boolean =>
  text !== undefined && areSameWords(text, body)
