/** What each type of event says in its `data`, in the form in which it is stored. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { EventTypeIn } from '@patchbay/protocol/open-channel.ts'
import { readInstant } from '../receive/receive-values.ts'
import { type Given, readChoice, readMandatory, readOptional } from './report-fields.ts'

/** By `data.` and the member's name. */
export type Detail = Given

const LONGEST_TEXT = 1024 * 1024
const LONGEST_EMOJI = 64

export const detailReaders: Readonly<Record<EventTypeIn, (data: Detail) => Record<string, unknown>>> = {
  'message.edited': (data) => ({ body: readMandatory(data, 'data.body', LONGEST_TEXT) }),
  'message.deleted': () => ({}),
  'message.reacted': (data) =>
    readChoice(data, 'data.action', ['react', 'unreact']) === 'unreact'
      ? { emoji: null }
      : { emoji: readMandatory(data, 'data.emoji', LONGEST_EMOJI) },
  'message.sent': (data) => {
    const AttachmentId = data.get('data.AttachmentId') ?? null
    const read = AttachmentId === null || AttachmentId === '' ? readMandatory : readOptional
    return { body: read(data, 'data.body', LONGEST_TEXT) ?? '', AttachmentId }
  },
  window: (data) => ({
    until: instant(data, 'data.until'),
    humanAgentUntil: instant(data, 'data.humanAgentUntil'),
  }),
}

/** Null: no end. */
function instant(data: Detail, field: string): string | null {
  const value = data.get(field) ?? null
  if (value === null || value === '') {
    if (field === 'data.until' && !data.has(field))
      throw new Refusal('OC-103', `${field} is missing; null says that there is no end.`, { field })
    return null
  }
  const read = readInstant(value)
  if (read === null)
    throw new Refusal('OC-113', `${field} is no instant: ISO 8601, or an epoch in seconds or milliseconds.`, {
      field,
    })
  return read
}
