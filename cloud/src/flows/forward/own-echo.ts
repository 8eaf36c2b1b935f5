/** Tells echoes of our own answers from answers that somebody wrote in the channel's own app. */
import type { EchoEvent } from '../../channels/channel-event.ts'
import { digestOf } from '../../channels/same-words.ts'
import * as conversations from '../../conversations/conversations.ts'
import { readOurs } from '../answer/mark.ts'
import type { Bound } from '../bound.ts'
import type { FlowContext } from '../flow-context.ts'

/** Longer than the slowest call that sends. */
const UNDER_WAY_MS = 2 * 60_000
/** Between our clock and the channel's. */
const CLOCKS_MS = 60_000

export type Whose =
  /** `arrived`: an answer that was given up, and is there all the same. */
  | { whose: 'ours'; arrived?: conversations.Receipt | undefined }
  | { whose: 'theirs' }
  /** An answer to this person is under way, and the channel has not said yet which message it became. */
  | { whose: 'later' }

/** Notes what the echo says of the answer, where it is one of ours. */
export async function whoseEcho(ctx: FlowContext, bound: Bound, event: EchoEvent): Promise<Whose> {
  const { db, appId } = ctx
  const marked = readOurs(event.metadata)
  if (marked) return noteOurs(ctx, bound, event, marked)
  if (event.appId !== undefined && event.appId === appId) return { whose: 'ours' }
  if (await conversations.isSent(db, bound.id, event.messageId)) return { whose: 'ours' }
  if (event.appId !== undefined || event.person === null) return { whose: 'theirs' }
  const unknown = await conversations.unknownOf(db, bound.id, event.person)
  const like = unknown.find((one) => isLike(one, event))
  if (like) return noteOurs(ctx, bound, event, like)
  return unknown.some(({ isOver, lastAt }) => !isOver && Date.now() - lastAt.getTime() < UNDER_WAY_MS)
    ? { whose: 'later' }
    : { whose: 'theirs' }
}

async function noteOurs(
  { db }: FlowContext,
  { id: integrationId }: Bound,
  { messageId, at }: EchoEvent,
  { parcelId, part }: { parcelId: number; part: number },
): Promise<Whose> {
  await conversations.noteSent(db, { integrationId, parcelId, part, messageId, at: new Date(at) })
  return { whose: 'ours', arrived: await conversations.arrivedAfterAll(db, integrationId, parcelId) }
}

/** A channel that keeps no mark: it says what we asked to be said, at the time at which we asked. */
function isLike(
  { wordsDigest, firstAt, lastAt }: Awaited<ReturnType<typeof conversations.unknownOf>>[number],
  { at, body, files }: EchoEvent,
): boolean {
  const sentAt = Date.parse(at)
  if (sentAt < firstAt.getTime() - CLOCKS_MS || sentAt > lastAt.getTime() + UNDER_WAY_MS) return false
  return wordsDigest === null ? files.length > 0 : wordsDigest === digestOf(body)
}
