/** Takes an answer from a contact centre: whose it is by its signature, to which page by its interaction; kept before it is acknowledged. */

import { sha256 } from '@patchbay/kit/crypto.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { UnreadableJson } from '@patchbay/kit/json.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { Webhook } from 'standardwebhooks'
import * as traffic from '../../integrations/traffic.ts'
import * as lanes from '../../lanes/lanes.ts'
import { channelOf } from '../channel-kinds.ts'
import type { FlowContext } from '../flow-context.ts'
import { opened } from '../opened.ts'
import { answerName } from './mark.ts'
import { type Posted, readPosted } from './read-answer.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>

const PAUSED_SECONDS = 300

export async function takeReply(ctx: FlowContext, raw: Buffer, headers: Headers): Promise<{ id: string }> {
  const text = raw.toString('utf8')
  const posted = read(text)
  const mine = await verified(ctx, posted.uid, text, headers)
  // The id of a person holds for one page alone.
  const [integration, another] = mine.filter(
    ({ page_id }) => posted.to === undefined || page_id === posted.to,
  )
  if (!integration || another)
    throw new Refusal('CL-202', `Interaction.to is ${posted.to ?? 'missing'}: no page, or not one alone.`)
  if (integration.state === 'paused')
    throw new Refusal('CL-203', undefined, { retryAfterSeconds: PAUSED_SECONDS })
  const answer = posted.answerFor(channelOf(integration.kind))
  if (typeof answer === 'string') throw new Refusal('CL-204', answer)
  const key = String(headers['webhook-id'])
  await transaction(ctx.db, (trx) =>
    lanes.put(trx, [
      {
        integrationId: integration.id,
        direction: 'out',
        conversation:
          answer.threadId === null ? `m:${answer.person}` : `w:${answer.threadId}:${answer.person}`,
        key,
        content: answer,
        happenedAt: new Date(),
      },
    ]),
  )
  ctx.ring()
  const parcel = await lanes.findByKey(ctx.db, integration.id, 'out', key)
  return { id: answerName(parcel) }
}

function read(text: string): Posted {
  try {
    return readPosted(text)
  } catch (error) {
    if (error instanceof UnreadableJson) throw new Refusal('GE-108', error.message)
    throw error
  }
}

interface Candidate {
  id: number
  kind: Integration['kind']
  page_id: string
  state: string
}

/** All integrations whose secret signed it: a uid proves nothing by itself. */
async function verified(
  ctx: FlowContext,
  uid: string | undefined,
  text: string,
  headers: Headers,
): Promise<Candidate[]> {
  const rows =
    uid === undefined
      ? []
      : await ctx.db
          .selectFrom('integration')
          .select(['id', 'kind', 'page_id', 'state', 'secret_sealed', 'wrong_secret_since'])
          .where('uid_digest', '=', sha256(uid))
          .where('state', 'in', ['connected', 'paused', 'reconnect'])
          .execute()
  const mine = rows.filter(({ id, secret_sealed }) =>
    isSigned(opened(ctx.sealingKey, id, 'secret', secret_sealed), text, headers),
  )
  for (const { id, wrong_secret_since } of mine)
    if (wrong_secret_since !== null) await traffic.noteRightSecret(ctx.db, id)
  if (mine.length > 0) return mine
  if (rows.length > 0)
    await traffic.noteWrongSecret(
      ctx.db,
      rows.map(({ id }) => id),
    )
  throw new Refusal('CL-201')
}

function isSigned(secret: string | null, text: string, headers: Headers): boolean {
  const given = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
    (name) => [name, headers[name]] as const,
  )
  if (secret === null || given.some(([, value]) => typeof value !== 'string' || value.length > 4096))
    return false
  try {
    new Webhook(secret).verify(text, Object.fromEntries(given) as Record<string, string>)
    return true
  } catch {
    return false
  }
}
