/** A channel says what became of an answer: delivered, read, or failed after all; and how it went, where not as it was written. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { receiptStatuses } from '@patchbay/protocol/open-channel.ts'
import type { AccountEntry } from '../../accounts/directory.ts'
import { type Given, type ReportContext, readChoice, readOptional } from './report-fields.ts'

interface Taken {
  outcome: 'missing' | 'unchanged' | 'moved'
  message_id: number
  interaction_id: number
  status: string
}

const LONGEST_ID = 200
const LONGEST_REASON = 500
// A channel may report before its own answer to the delivery, which tells us its id, is stored.
const LOOK_AGAIN_MS = [50, 200, 500, 1000]

export async function takeReceipt(
  { pool, push }: ReportContext,
  account: AccountEntry,
  given: Given,
): Promise<object> {
  const id = readId(given)
  const channelId = readOptional(given, 'messageId', LONGEST_ID)
  if (id === null && channelId === null)
    throw new Refusal('OC-103', 'Neither id nor messageId names the answer.', { field: 'messageId' })
  const status = readChoice(given, 'status', receiptStatuses)
  const reason = readOptional(given, 'reason', LONGEST_REASON)
  const words = reason ?? (status === 'failed' ? 'The channel could not deliver it.' : null)
  const values = [account.id, id, channelId, status, words]

  const take = async (): Promise<Taken | undefined> => {
    const text = 'select * from take_receipt($1, $2, $3, $4, $5)'
    const { rows } = await pool.query<Taken>({ name: 'take-receipt', text, values })
    return rows[0]?.outcome === 'missing' ? undefined : rows[0]
  }
  let taken = await take()
  for (const waitMs of id === null ? LOOK_AGAIN_MS : []) {
    if (taken) break
    await sleep(waitMs)
    taken = await take()
  }
  if (!taken) throw new Refusal('OC-116', undefined, { field: id === null ? 'messageId' : 'id' })
  // An account may have asked to be told of it.
  if (taken.outcome === 'moved') push.ring({ interactions: [taken.interaction_id], deliver: true })
  return { message: { id: taken.message_id, status: taken.status } }
}

/** Null: the answer is named by the channel's own id. */
function readId(given: Given): number | null {
  const text = readOptional(given, 'id', 20)
  if (text === null) return null
  const id = /^\s*[1-9]\d{0,15}\s*$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(id)) return id
  throw new Refusal('OC-113', 'id is the number that our reply had as its id.', { field: 'id' })
}
