/** Tells echoes of our own answers from answers that somebody wrote in the channel's own app. */
import type { EchoEvent } from '../../channels/channel-event.ts'
import type { Answer } from '../../channels/outward.ts'
import * as conversations from '../../conversations/conversations.ts'
import { readOurs } from '../answer/mark.ts'
import type { Bound } from '../bound.ts'
import type { FlowContext } from '../flow-context.ts'

/** Notes what it says of the answer, where it is one of ours. */
export async function isOwnEcho(ctx: FlowContext, bound: Bound, event: EchoEvent): Promise<boolean> {
  const { db, appId } = ctx
  const about = { integrationId: bound.id, messageId: event.messageId, at: new Date(event.at) }
  const ours =
    readOurs(event.metadata) ?? (event.appId === undefined ? await findAsked(db, bound, event) : undefined)
  if (ours) {
    await conversations.noteSent(db, { ...ours, ...about })
    return true
  }
  if (event.appId !== undefined && event.appId === appId) return true
  return conversations.isSent(db, bound.id, event.messageId)
}

/** A channel that keeps no mark may echo an answer before it has acknowledged it: it says what we asked to be said. */
async function findAsked(
  db: FlowContext['db'],
  { id, channel }: Bound,
  { person, body, files }: EchoEvent,
): Promise<{ parcelId: number; part: number } | undefined> {
  if (person === null) return undefined
  const asked = await db
    .selectFrom('sent')
    .innerJoin('parcel', 'parcel.id', 'sent.parcel_id')
    .select(['sent.parcel_id as parcelId', 'sent.part', 'parcel.content'])
    .where('sent.integration_id', '=', id)
    .where('sent.person', '=', person)
    .where('sent.message_id', 'is', null)
    .where('sent.thread_id', 'is', null)
    .orderBy('sent.id')
    .execute()
  return asked.find(({ part, content }) => {
    // Stored by us, from what `readAnswer` made.
    const texts = channel.textsOf(content as Answer)
    return texts === null ? files.length > 0 : texts[part] === body.trim()
  })
}
