/** The rules of a Receive call's fields: what is mandatory, what is taken, and in which form it is stored. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { type FieldName, normalizeKey } from '../../contacts/keys.ts'
import type { Fields } from './receive-body.ts'
import {
  asFieldName,
  type CustomFields,
  keyOf,
  readMapKey,
  readSent,
  type SentField,
  splitName,
} from './receive-contact.ts'
import { createTextReader, isWebAddress, readAttachmentId, readInstant } from './receive-values.ts'

export interface Rules {
  /** The account's, for messages that name none. */
  mapKey: string | null
  customFields: CustomFields
  /** A file came with the message, so that its body may be empty. */
  hasFile: boolean
  /** From the headers, for messages that name none. */
  senderId: string | undefined
}

export interface Inbound {
  from: string
  mapKey: FieldName
  /** `from` as a key of `mapKey`, and as one of any other field. */
  key: string
  plainKey: string
  body: string
  attachmentId: number | null
  /** Without the field of `mapKey`, which stays `from`. */
  sent: readonly SentField[]
  threadId: string
  to: string | null
  externalUrl: string | null
  senderId: string | null
  writtenAt: string | null
  /** Characters that the database cannot hold were replaced. */
  marked: boolean
  /** Names that mean nothing here, and values that cannot be used. */
  ignored: readonly string[]
}

const LONGEST_FROM = 1000
// They stand in unique indexes, whose entries are limited.
const LONGEST_ID = 512
const LONGEST_NAME_TOLD = 100

export function readMessage(fields: Fields, rules: Rules): Inbound {
  const given = new Map<string, unknown>()
  const contact = new Map<FieldName, unknown>()
  const ignored: string[] = []
  for (const [name, value] of fields) {
    if (messageFields.has(name)) given.set(name, value)
    else {
      const field = asFieldName(name, rules.customFields)
      if (field) contact.set(field, value)
      else ignored.push(name.toWellFormed().slice(0, LONGEST_NAME_TOLD))
    }
  }
  const read = createTextReader()
  const optional = (name: string): string => read.text(name, given.get(name)) ?? ''
  const mandatory = (name: string): string => read.text(name, given.get(name), 'OC-103') ?? ''

  const from = mandatory('from').trim()
  if (from === '') throw new Refusal('OC-103', 'from is missing or empty.', { field: 'from' })
  limit('from', from, LONGEST_FROM)
  const mapKey = readMapKey(mandatory('mapKey').trim() || rules.mapKey || undefined, rules.customFields)
  const attachmentId = readAttachmentId(given.get('AttachmentId'))
  if (attachmentId !== null && rules.hasFile)
    throw new Refusal('OC-113', 'A message has one file: send the part file or AttachmentId, not both.', {
      field: 'AttachmentId',
    })
  const body = mandatory('body')
  if (body === '' && attachmentId === null && !rules.hasFile)
    throw new Refusal('OC-103', 'body is missing or empty, and there is no attachment.', { field: 'body' })

  const usable = <T>(name: string, value: T | null): T | null => {
    if (value === null && optional(name) !== '') ignored.push(name)
    return value
  }
  const externalUrl = optional('externalUrl')
  const message = {
    from,
    mapKey,
    key: keyOf(mapKey, from, rules.customFields),
    plainKey: normalizeKey('phone', from) ?? from,
    body,
    attachmentId,
    threadId: limit('threadId', optional('threadId'), LONGEST_ID),
    to: optional('to') || null,
    externalUrl: usable('externalUrl', externalUrl !== '' && isWebAddress(externalUrl) ? externalUrl : null),
    senderId: limit('messageId', optional('messageId') || rules.senderId || '', LONGEST_ID) || null,
    writtenAt: usable('timestamp', readInstant(given.get('timestamp'))),
  }

  const name = optional('name')
  // Connectors send null, or nothing, for the parts of a name that they do not have.
  const isAbsent = (field: FieldName): boolean => (contact.get(field) ?? '') === ''
  if (name !== '' && isAbsent('firstName') && isAbsent('lastName'))
    for (const [field, value] of Object.entries(splitName(name))) contact.set(field as FieldName, value)
  contact.delete(mapKey)
  const sent: SentField[] = []
  for (const [field, value] of contact) {
    const one = readSent(read, field, value, rules.customFields, () => ignored.push(field))
    if (one) sent.push(one)
  }
  return { ...message, sent, marked: read.marked(), ignored }
}

const messageFields: ReadonlySet<string> = new Set([
  'from',
  'body',
  'mapKey',
  'AttachmentId',
  'threadId',
  'externalUrl',
  'to',
  'name',
  'messageId',
  'timestamp',
  'attachments',
])

function limit(field: string, text: string, length: number): string {
  if (text.length <= length) return text
  throw new Refusal(field === 'from' ? 'OC-103' : 'OC-113', `${field} is longer than ${length} characters.`, {
    field,
  })
}
