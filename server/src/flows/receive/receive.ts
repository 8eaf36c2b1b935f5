/** A customer's message comes in: its contact, its interaction and the message itself are found or made in one transaction. */
import { sha256 } from '@patchbay/kit/crypto.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Accepted } from '@patchbay/protocol/open-channel.ts'
import type { Row } from './receive.sql.ts'
import type { Batches } from './receive-batch.ts'
import type { Inbound } from './receive-fields.ts'

/** `fileDigest`: of a file that came with the message, which has another id each time. */
export async function receive(
  batches: Batches,
  account: Row['account'],
  message: Inbound,
  fileDigest?: string,
): Promise<Accepted> {
  const content = message.senderId === null ? null : digestContent(message, fileDigest)
  const stored = await batches.store({ account, message, content })
  if (stored.outcome === 'no-file')
    throw new Refusal('OC-105', `There is no upload ${message.attachmentId} that this account may use.`, {
      field: 'AttachmentId',
    })
  if (stored.outcome === 'duplicate' && content) requireSame(stored.content, content)
  return {
    message: { id: stored.messageId },
    interaction: { id: stored.interactionId },
    contact: { id: stored.contactId },
    duplicate: stored.outcome === 'duplicate',
    ignored: [...message.ignored],
  }
}

const contentFields = ['from', 'mapKey', 'body', 'threadId', 'AttachmentId'] as const
const DIGEST_BYTES = 8

// Digests of each field in place of one of all, so that a refusal can name what differs without keeping a second copy.
function digestContent(message: Inbound, fileDigest: string | undefined): Buffer {
  const file = fileDigest ?? String(message.attachmentId ?? '')
  const values = [message.from, message.mapKey, message.body, message.threadId, file]
  return Buffer.concat(values.map((value) => sha256(value).subarray(0, DIGEST_BYTES)))
}

function requireSame(first: Buffer, now: Buffer): void {
  const fields = contentFields.filter((_, index) => {
    const start = index * DIGEST_BYTES
    return first.compare(now, start, start + DIGEST_BYTES, start, start + DIGEST_BYTES) !== 0
  })
  if (fields.length === 0) return
  throw new Refusal(
    'OC-106',
    `Another message came under this id before; these differ: ${fields.join(', ')}.`,
    {
      field: 'messageId',
      extra: { fields },
    },
  )
}
