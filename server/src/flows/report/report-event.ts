/** What happened in the channel itself: a message was edited, taken back or reacted to, an answer written there, a window moved. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { eventTypes } from '@patchbay/protocol/open-channel.ts'
import type { AccountEntry } from '../../accounts/directory.ts'
import * as attachments from '../../attachments/attachments.ts'
import { readAttachmentId } from '../receive/receive-values.ts'
import { type Detail, detailReaders } from './report-event-detail.ts'
import { findContact, type Given, type ReportContext, readMandatory, readOptional } from './report-fields.ts'

interface Taken {
  outcome: 'taken' | 'unchanged' | 'repeated' | 'missing' | 'nowhere' | 'no-file'
  message_id: number | null
  interaction_id: number | null
}

// Ids stand in unique indexes, whose entries are limited.
const LONGEST_ID = 512

export async function takeEvent(ctx: ReportContext, account: AccountEntry, given: Given): Promise<object> {
  const name = readMandatory(given, 'type', 100)
  const type = eventTypes.find((known) => known === name)
  // A channel may know more than this version does.
  if (!type) return { outcome: 'ignored', message: null, interaction: null }
  const eventId = readMandatory(given, 'eventId', LONGEST_ID)
  const isOfMessage = type !== 'window' && type !== 'message.sent'
  const messageId = (isOfMessage ? readMandatory : readOptional)(given, 'messageId', LONGEST_ID)
  const contactId = await findContact(ctx.db, account, given)
  const threadId = readOptional(given, 'threadId', LONGEST_ID) ?? ''
  const detail = detailReaders[type](toDetail(given.get('data')))
  const attachmentId = type === 'message.sent' ? readAttachmentId(detail.AttachmentId) : null
  if (attachmentId !== null) await attachments.requireFit(ctx.db, attachmentId, account.attachmentLimitBytes)

  const { rows } = await ctx.pool.query<Taken>({
    name: 'take-channel-event',
    text: 'select * from take_channel_event($1, $2, $3, $4, $5, $6, $7, $8)',
    values: [account.id, eventId, type, messageId, contactId, threadId, JSON.stringify(detail), attachmentId],
  })
  const [taken] = rows
  if (!taken) throw new Error('take_channel_event answered nothing')
  if (taken.outcome === 'missing') throw new Refusal('OC-116', undefined, { field: 'messageId' })
  if (taken.outcome === 'no-file') {
    const words = `There is no upload ${attachmentId} that this account may use.`
    throw new Refusal('OC-105', words, { field: 'data.AttachmentId' })
  }
  const { outcome, message_id: message, interaction_id: interaction } = taken
  if (outcome === 'taken' && interaction !== null) ctx.push.ring({ interactions: [interaction] })
  return {
    outcome: outcome === 'nowhere' ? 'ignored' : outcome,
    message: message === null ? null : { id: message },
    interaction: interaction === null ? null : { id: interaction },
  }
}

/** Members by their whole names, so that a refusal names them as they stand in the body. */
function toDetail(data: unknown): Detail {
  if (data === undefined || data === null) return new Map()
  if (typeof data !== 'object' || Array.isArray(data))
    throw new Refusal('OC-113', 'data must be an object.', { field: 'data' })
  return new Map(Object.entries(data).map(([name, value]) => [`data.${name}`, value]))
}
