/** Carries an answer to its channel: part by part in order, each at most once as far as anybody can know. */

import { transaction } from '@patchbay/kit/database.ts'
import { type Answer, NotInPublic, type Outward, type Part, Unsendable } from '../../channels/outward.ts'
import { digestOf } from '../../channels/same-words.ts'
import { sendAs } from '../../channels/window.ts'
import * as conversations from '../../conversations/conversations.ts'
import { GraphError } from '../../graph/graph-error.ts'
import * as traffic from '../../integrations/traffic.ts'
import type { Carried, Carrier } from '../../lanes/engine.ts'
import * as lanes from '../../lanes/lanes.ts'
import { isFinal, type Meaning, meaningOf } from '../../messaging/meaning.ts'
import { join, say } from '../../texts/say.ts'
import { type Bound, loadBound } from '../bound.ts'
import type { FlowContext } from '../flow-context.ts'
import type { AnswerEvent } from './answer-event.ts'
import { fetchAttachment } from './fetch-attachment.ts'
import { markOf } from './mark.ts'
import { respectUsage } from './usage.ts'
import { writtenInThread } from './written.ts'

interface Sending {
  ctx: FlowContext
  bound: Bound & { pageToken: string }
  answer: Answer
  parcel: lanes.Parcel
}

export function answerCarrier(ctx: FlowContext): Carrier {
  return {
    async carry(lane, parcel) {
      const bound = await loadBound(ctx, lane.integrationId)
      // Stored by us, from what `readAnswer` made.
      const answer = parcel.content as Answer
      if (!bound?.pageToken) return { outcome: 'dead', reason: say('page-gone') }
      const sending: Sending = { ctx, bound: { ...bound, pageToken: bound.pageToken }, answer, parcel }
      try {
        const sent =
          answer.threadId === null
            ? await sendAll(sending, await bound.channel.toParts(toOutward(sending)))
            : await sendInPublic(sending)
        if (sent.otherwise !== undefined) await tell(ctx, lane, parcel, 'otherwise', sent.otherwise)
        await traffic.noteAnswered(ctx.db, bound.id)
        return { outcome: 'done' }
      } catch (error) {
        if (error instanceof Unsendable) return { outcome: 'dead', reason: error.message }
        if (error instanceof GraphError) return afterFailure(sending, error)
        throw error
      }
    },
    async onDead(lane, parcel, reason) {
      const asked = await conversations.partsOf(ctx.db, parcel.id)
      const isThere = asked.every(({ messageId }) => messageId !== null)
      // Meanwhile its echo has come.
      if (isThere && asked.at(-1)?.isLast) return
      const doubts = isThere ? (asked.length > 0 ? [say('begun')] : []) : [say('perhaps-sent')]
      await tell(ctx, lane, parcel, 'failed', join(reason, ...doubts))
    },
  }
}

const SAME_TEXT_AGAIN = 506

/** What an answer became. */
interface Sent {
  otherwise?: string | undefined
}

async function sendInPublic(sending: Sending): Promise<Sent> {
  const { channel } = sending.bound
  const outward = toOutward(sending)
  const begun = await conversations.partsOf(sending.ctx.db, sending.parcel.id)
  const isPrivate = begun.some(({ privateTo }) => privateTo !== null)
  if (isPrivate && channel.toPrivateParts)
    return sendAll(
      sending,
      await channel.toPrivateParts(outward, say('no-comment', { channel: channel.name })),
    )
  try {
    return await sendAll(sending, await channel.toParts(outward))
  } catch (error) {
    const because = whyNotInPublic(error, channel.name)
    // What has begun in public is not continued where nobody sees it.
    const isBegun = (await conversations.partsOf(sending.ctx.db, sending.parcel.id)).length > 0
    if (because === undefined || isBegun || !channel.toPrivateParts) throw error
    return sendAll(sending, await channel.toPrivateParts(outward, because))
  }
}

function whyNotInPublic(error: unknown, name: string): string | undefined {
  if (error instanceof NotInPublic) return error.message
  if (!(error instanceof GraphError) || error.isAmbiguous || error.code === SAME_TEXT_AGAIN) return undefined
  const { remedy, words } = meaningOf(error, name)
  return isFinal(remedy) ? words : undefined
}

function toOutward({ ctx, bound, answer, parcel }: Sending): Outward {
  const { db, graph } = ctx
  const { pageId, nodeId, pageToken: token } = bound
  const by = { isPerson: answer.isPerson, humanAgentAllowed: ctx.humanAgentAllowed }
  return {
    graph,
    pageId,
    nodeId,
    token,
    answer,
    mark: (part) => markOf(parcel.id, part),
    async sendAs() {
      const customer = await conversations.find(db, bound.id, answer.person)
      return sendAs(customer?.lastSignAt ?? null, new Date(), by)
    },
    mayTag: by.isPerson && by.humanAgentAllowed,
    fetchFile: (file) => fetchAttachment(ctx, bound, file),
    placeOf: async () =>
      answer.threadId === null
        ? undefined
        : conversations.placeOf(db, bound.id, answer.threadId, answer.person),
    privateBefore: async () => (await conversations.partsOf(db, parcel.id))[0]?.privateTo ?? null,
    writtenInThread: () => writtenInThread(db, bound.id, answer, parcel.id),
    isSent: (messageId) => conversations.isSent(db, bound.id, messageId),
    noteUsage: (usage) => respectUsage(ctx, bound, usage),
  }
}

async function sendAll(
  { ctx: { db }, bound, answer, parcel }: Sending,
  parts: readonly Part[],
): Promise<Sent> {
  const known = await conversations.partsOf(db, parcel.id)
  for (const [part, { send, find, text, privateTo = null }] of parts.entries()) {
    const before = known.find((one) => one.part === part)
    if (before?.messageId) continue
    const about = { integrationId: bound.id, parcelId: parcel.id, part }
    const found = before && (await find(before.createdAt))
    if (found !== undefined) {
      await conversations.noteSent(db, { ...about, messageId: found })
      continue
    }
    const isLast = part === parts.length - 1
    await conversations.noteAsked(db, {
      ...about,
      isLast,
      answerId: answer.id,
      person: answer.person,
      threadId: answer.threadId,
      privateTo,
      wordsDigest: text === null ? null : digestOf(text),
    })
    try {
      await conversations.noteSent(db, { ...about, messageId: await send() })
    } catch (error) {
      if (!(error instanceof GraphError) || !error.isAmbiguous)
        await conversations.forgetAsked(db, parcel.id, part)
      throw error
    }
  }
  return { otherwise: parts.find(({ otherwise }) => otherwise !== undefined)?.otherwise }
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

async function afterFailure({ ctx, bound, parcel }: Sending, error: GraphError): Promise<Carried> {
  const { remedy, words }: Meaning = meaningOf(error, bound.channel.name)
  const { code, subcode, status, traceId } = error
  ctx.log.info(
    {
      integration: bound.id,
      channel: bound.channel.kind,
      error: `${code}/${subcode}`,
      status,
      traceId,
      remedy,
    },
    'a channel did not take an answer',
  )
  // Between our try and the next one the echo may come, or the message be found.
  if (error.isAmbiguous || remedy === 'retry')
    return { outcome: 'again', reason: words, isEndAtFault: error.status === null || error.status >= 500 }
  if (remedy === 'throttle-page' || remedy === 'throttle-app') {
    const usualMs = error.code === 368 ? HOUR_MS : Math.min(MINUTE_MS * 2 ** parcel.attempts, HOUR_MS)
    const forMs = Math.max(error.retryAfterMs ?? 0, usualMs)
    if (remedy === 'throttle-app') await lanes.holdAll(ctx.db, 'out', forMs, words)
    return { outcome: 'hold', reason: words, forMs }
  }
  if (remedy === 'done') return { outcome: 'done' }
  if (remedy === 'reconnect') {
    const used = { id: bound.id, page_token_sealed: bound.tokenSealed }
    // Reconnected while it was under way: the new token has not been tried.
    if (!(await traffic.askToReconnect(ctx, used, words)))
      return { outcome: 'again', reason: words, isEndAtFault: false }
  }
  return { outcome: 'dead', reason: words }
}

/** The agent sees it on his bubble. By the lane inward, since the contact centre may be away. */
async function tell(
  ctx: FlowContext,
  { integrationId }: lanes.Lane,
  parcel: lanes.Parcel,
  type: AnswerEvent['type'],
  reason: string,
): Promise<void> {
  const { id, person } = parcel.content as Answer
  const content: AnswerEvent = { type, answerId: id, reason }
  await transaction(ctx.db, (trx) =>
    lanes.put(trx, [
      {
        integrationId,
        direction: 'in',
        conversation: `m:${person}`,
        key: `${type}:${parcel.id}`,
        content,
        happenedAt: new Date(),
      },
    ]),
  )
}
