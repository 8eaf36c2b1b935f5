/** Carries what a customer did to the contact centre: messages with their files, and events by which it follows what happens elsewhere. */

import { sql } from 'kysely'
import { type Answered, tell } from '../../centre/centre.ts'
import type { ChannelEvent, EchoEvent, MessageEvent } from '../../channels/channel-event.ts'
import { members, readNumber } from '../../channels/values.ts'
import { windowAfter } from '../../channels/window.ts'
import * as conversations from '../../conversations/conversations.ts'
import * as traffic from '../../integrations/traffic.ts'
import type { Carried, Carrier } from '../../lanes/engine.ts'
import { say, wordsOf } from '../../texts/say.ts'
import type { AnswerEvent } from '../answer/answer-event.ts'
import { answerName } from '../answer/mark.ts'
import { type Bound, loadBound } from '../bound.ts'
import type { FlowContext } from '../flow-context.ts'
import { handOver } from './hand-over.ts'
import { nameOf } from './name-of.ts'
import { whoseEcho } from './own-echo.ts'
import { quoteIn } from './quote.ts'

const done: Carried = { outcome: 'done' }
/** As the contact centre takes it. */
const LONGEST_REASON = 500

export function forwardCarrier(ctx: FlowContext): Carrier {
  return {
    async carry(lane, parcel) {
      const bound = await loadBound(ctx, lane.integrationId)
      if (!bound) return { outcome: 'dead', reason: say('no-receive-url') }
      // Stored by us, from what `readWebhookBody` made.
      const event = parcel.content as ChannelEvent | AnswerEvent
      if (isOfAnswer(event)) return forwardAnswerEvent(ctx, bound, event)
      const carried = await forward(ctx, bound, event, parcel.key)
      if (carried.outcome === 'done') await traffic.noteForwarded(ctx.db, bound.id)
      else if (carried.outcome === 'hold' || (carried.outcome === 'again' && carried.isEndAtFault))
        await traffic.noteFailure(ctx.db, bound.id, carried.reason)
      return carried
    },
  }
}

const isOfAnswer = (event: ChannelEvent | AnswerEvent): event is AnswerEvent =>
  event.type === 'failed' || event.type === 'otherwise'

async function forwardAnswerEvent(
  { door }: FlowContext,
  bound: Bound,
  { type, answerId, reason }: AnswerEvent,
): Promise<Carried> {
  const answer = await tell(door, bound, 'receipts', {
    id: answerId,
    status: type === 'failed' ? 'failed' : 'sent',
    reason: wordsOf(reason, bound.language).slice(0, LONGEST_REASON),
  })
  // A contact centre that takes no such receipt does without.
  return type === 'otherwise' && !answer.ok && answer.code === 'OC-113' ? done : afterEvent(answer)
}

async function forward(ctx: FlowContext, bound: Bound, event: ChannelEvent, key: string): Promise<Carried> {
  if (event.type === 'message') return forwardMessage(ctx, bound, event, key)
  if (event.type === 'echo') return forwardEcho(ctx, bound, event, key)
  if ('messageIds' in event) return forwardReceipt(ctx, bound, event)
  if (event.type === 'window') return forwardWindow(ctx, bound, event, key)
  const told = await resolve(ctx, bound, event)
  if (!told) return done
  if (event.type === 'reacted') await noteSign(ctx, bound, event)
  const change =
    event.type === 'edited'
      ? { type: 'message.edited', data: { body: event.body } }
      : event.type === 'deleted'
        ? { type: 'message.deleted', data: {} }
        : {
            type: 'message.reacted',
            data: event.action === 'react' ? { action: 'react', emoji: event.emoji } : { action: 'unreact' },
          }
  const answer = await tell(ctx.door, bound, 'events', {
    ...change,
    ...told,
    eventId: key,
  })
  return afterEvent(answer)
}

/** A message that the contact centre does not have cannot change there. */
function afterEvent(answer: Answered): Carried {
  if (answer.ok || answer.code === 'OC-116') return done
  return answer.carried
}

interface Customer {
  from: string
  mapKey: string
}

/** As the contact centre knows the person. */
function customerOf({ channel: { contact } }: Bound, person: string): Customer {
  return { from: contact.toKey(person), mapKey: contact.mapKey }
}

interface Told extends Customer {
  threadId?: string | undefined
  messageId: string
}

/** Whose message it was, and what the contact centre calls it; undefined: one that it was never told. */
async function resolve(
  { db }: FlowContext,
  bound: Bound,
  event: Extract<ChannelEvent, { messageId: string }>,
): Promise<Told | undefined> {
  const ours = await conversations.answerOf(db, bound.id, event.messageId)
  if (ours)
    return {
      ...customerOf(bound, ours.person),
      threadId: ours.threadId ?? undefined,
      messageId: answerName(ours.parcelId),
    }
  const person = event.person ?? (await authorOf(db, bound.id, event.messageId))
  return person
    ? { ...customerOf(bound, person), threadId: event.threadId, messageId: event.messageId }
    : undefined
}

async function authorOf(
  db: FlowContext['db'],
  integrationId: number,
  messageId: string,
): Promise<string | null> {
  const row = await db
    .selectFrom('parcel')
    .select(sql<string | null>`content ->> 'person'`.as('person'))
    .where('integration_id', '=', integrationId)
    .where('direction', '=', 'in')
    .where('key', 'in', [`comment:${messageId}`, `post:${messageId}`, `message:${messageId}`])
    .executeTakeFirst()
  return row?.person ?? null
}

async function forwardMessage(
  ctx: FlowContext,
  bound: Bound,
  event: MessageEvent,
  key: string,
): Promise<Carried> {
  const { person } = event
  if (person === null) return done
  if (event.threadId !== undefined && event.answerTo !== undefined)
    await conversations.notePlace(ctx.db, bound.id, event.threadId, person, event.answerTo)
  await noteSign(ctx, bound, event)
  const name = await nameOf(ctx, bound, person, event.personName)
  const about = {
    ...customerOf(bound, person),
    ...name,
    phone: 'none',
    description: [bound.channel.name, bound.pageName].filter(Boolean).join(': '),
    to: bound.pageId,
    timestamp: event.at,
    ...(event.threadId !== undefined && { threadId: event.threadId }),
    ...(event.externalUrl !== undefined && { externalUrl: event.externalUrl }),
  }
  const files = await handOver(ctx, bound, key)
  if ('carried' in files) return files.carried
  const body = await quoteIn(ctx, bound, event)
  let takenAs: number | undefined
  for (const [place, message] of toMessages(body, files).entries()) {
    const messageId = place === 0 ? event.messageId : `${event.messageId}#${place + 1}`
    const answer = await tell(ctx.door, bound, 'notify', { ...about, ...message, messageId })
    if (answer.ok && place === 0) takenAs = readNumber(members(answer.body.message).id)
    // Under an id with another content: told before, when a file could not be had. What was told stays.
    if (!answer.ok && answer.code !== 'OC-106') return answer.carried
  }
  if (event.threadId !== undefined) return { outcome: 'done', takenAs }
  const told = await tellWindow(ctx, bound, event, key)
  return told.outcome === 'done' ? { outcome: 'done', takenAs } : told
}

type Part = { body: string; AttachmentId?: number }

/** The text goes with the first file, each further file alone; of one that could not be had a sentence is left. */
export function toMessages(
  body: string,
  { attachments, missing }: { attachments: number[]; missing: string[] },
): Part[] {
  const text = [body, ...missing].filter((line) => line !== '').join('\n')
  const [first, ...others] = attachments
  const parts: Part[] = first === undefined ? [{ body: text }] : [{ body: text, AttachmentId: first }]
  return parts.concat(others.map((AttachmentId) => ({ body: '', AttachmentId })))
}

async function noteSign(ctx: FlowContext, bound: Bound, event: ChannelEvent): Promise<void> {
  if (event.person !== null && event.threadId === undefined)
    await conversations.noteSign(ctx.db, bound.id, event.person, new Date(event.at))
}

async function forwardWindow(
  ctx: FlowContext,
  bound: Bound,
  event: ChannelEvent,
  key: string,
): Promise<Carried> {
  await noteSign(ctx, bound, event)
  return tellWindow(ctx, bound, event, key)
}

async function tellWindow(
  ctx: FlowContext,
  bound: Bound,
  { person }: ChannelEvent,
  key: string,
): Promise<Carried> {
  if (person === null) return done
  const customer = await conversations.find(ctx.db, bound.id, person)
  if (!customer?.lastSignAt) return done
  const { until, humanAgentUntil } = windowAfter(customer.lastSignAt, ctx.humanAgentAllowed)
  const data = { until: until.toISOString(), humanAgentUntil: humanAgentUntil?.toISOString() ?? null }
  const answer = await tell(ctx.door, bound, 'events', {
    eventId: `window:${key}`,
    type: 'window',
    ...customerOf(bound, person),
    data,
  })
  return afterEvent(answer)
}

async function forwardEcho(ctx: FlowContext, bound: Bound, event: EchoEvent, key: string): Promise<Carried> {
  const { person } = event
  if (person === null) return done
  const echo = await whoseEcho(ctx, bound, event)
  if (echo.whose === 'ours') return echo.arrived ? tellReached(ctx, bound, [echo.arrived], 'delivered') : done
  if (echo.whose === 'later') return { outcome: 'again', reason: say('echo-later'), isEndAtFault: false }
  const files = await handOver(ctx, bound, key)
  if ('carried' in files) return files.carried
  for (const [place, message] of toMessages(event.body, files).entries()) {
    const suffix = place === 0 ? '' : `#${place + 1}`
    const answer = await tell(ctx.door, bound, 'events', {
      eventId: `${key}${suffix}`,
      type: 'message.sent',
      ...customerOf(bound, person),
      messageId: `${event.messageId}${suffix}`,
      data: message,
    })
    const carried = afterEvent(answer)
    if (carried.outcome !== 'done') return carried
  }
  return done
}

async function forwardReceipt(
  ctx: FlowContext,
  bound: Bound,
  event: Extract<ChannelEvent, { type: 'delivered' | 'read' }>,
): Promise<Carried> {
  if (event.person === null) return done
  const reached = await conversations.findReached(ctx.db, {
    integrationId: bound.id,
    person: event.person,
    status: event.type,
    until: event.until === null ? null : new Date(event.until),
    messageIds: event.messageIds,
    isUpTo: event.isUpTo,
  })
  return tellReached(ctx, bound, reached, event.type)
}

async function tellReached(
  ctx: FlowContext,
  bound: Bound,
  reached: readonly conversations.Receipt[],
  status: 'delivered' | 'read',
): Promise<Carried> {
  for (const { id, answerId } of reached) {
    const answer = await tell(ctx.door, bound, 'receipts', { id: answerId, status })
    const carried = afterEvent(answer)
    if (carried.outcome !== 'done') return carried
    await conversations.noteReceipt(ctx.db, [id], status)
  }
  return done
}
