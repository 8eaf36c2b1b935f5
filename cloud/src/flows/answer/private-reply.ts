/** What a comment cannot carry reaches the person in Messenger: one message for each comment or post of his, within seven days of it. */
import { sql } from 'kysely'
import { splitText } from '../../channels/split-text.ts'
import { readId } from '../../channels/values.ts'
import * as conversations from '../../conversations/conversations.ts'
import { meaningOf } from '../../facebook/graph-errors.ts'
import { multipart } from '../../forms/multipart.ts'
import { GraphError } from '../../graph/graph-error.ts'
import { fetchAttachment } from './fetch-attachment.ts'
import { markOf } from './mark.ts'
import { kindOf, textLimit } from './send-message.ts'
import { type Part, type Sending, Unsendable } from './sending.ts'
import { respectUsage } from './usage.ts'

const WITHIN_MS = 7 * 24 * 3_600_000
const UPLOAD_WITHIN_MS = 60_000
const LOOKED_THROUGH = 100

/** `because`: why it is no comment, as a sentence for the agent where this fails, too. */
export async function privateParts(sending: Sending, because: string): Promise<Part[]> {
  const { ctx, bound, answer, parcel } = sending
  const [before] = await conversations.partsOf(ctx.db, parcel.id)
  const target = await choose(sending, before?.privateTo ?? null, because)
  // Until the person answers there is room for this message alone.
  const [text, ...others] = splitText(answer.body, textLimit)
  if (!answer.file && others.length > 0)
    throw new Unsendable(`${because} It is too long for the one private reply that Facebook takes instead.`)
  const file = answer.file ? await fetchAttachment(ctx, bound, answer.file) : undefined
  const content = file ? { attachment: { type: kindOf(file.type), payload: {} } } : { text }
  const fields = {
    recipient: target.isComment ? { comment_id: target.id } : { post_id: target.id },
    messaging_type: 'RESPONSE',
    message: { ...content, metadata: markOf(parcel.id, 0) },
  }
  return [
    {
      privateTo: target.id,
      async send() {
        try {
          const { body, usage } = await ctx.graph.call<{ message_id?: unknown }>('POST', {
            path: `${bound.pageId}/messages`,
            token: bound.pageToken,
            body: file ? multipart(fields, 'filedata', file) : fields,
            ...(file && { timeoutMs: UPLOAD_WITHIN_MS }),
          })
          await respectUsage(ctx, bound.id, usage)
          return readId(body.message_id) ?? fields.message.metadata
        } catch (error) {
          if (!(error instanceof GraphError) || error.isAmbiguous) throw error
          const { remedy, words } = meaningOf(error)
          // The one that was sent is ours if we have asked before and were not answered.
          if (remedy === 'done' && before?.privateTo) return fields.message.metadata
          if (!isFinal(remedy)) throw error
          throw new Unsendable(`${because} A private reply did not go either: ${words}`)
        }
      },
      /** Facebook knows whether there was one, and is asked by sending again. */
      find: async () => undefined,
    },
  ]
}

/** Whether the same answer, sent again as a comment, would be refused again. */
export function isFinal(remedy: ReturnType<typeof meaningOf>['remedy']): boolean {
  return remedy === 'refused' || remedy === 'gone' || remedy === 'window-closed' || remedy === 'done'
}

interface Written {
  id: string
  isComment: boolean
  at: Date
  isRemoved: boolean
  isUsed: boolean
}

/** What the person wrote last below this post and got no private reply to. */
async function choose({ ctx, bound, answer, parcel }: Sending, asked: string | null, because: string) {
  const { rows } = await sql<Written>`
    select content ->> 'messageId' as id, content ? 'answerTo' as "isComment", happened_at as at,
      exists (select from parcel removal where removal.integration_id = parcel.integration_id and removal.direction = 'in'
        and removal.key = 'removed:' || (parcel.content ->> 'messageId')) as "isRemoved",
      exists (select from sent where sent.integration_id = parcel.integration_id and sent.parcel_id <> ${parcel.id}
        and sent.private_to = parcel.content ->> 'messageId') as "isUsed"
    from parcel join lane on lane.id = parcel.lane_id
    where lane.integration_id = ${bound.id} and lane.direction = 'in' and lane.conversation = ${`w:${answer.threadId}`}
      and content ->> 'type' = 'message' and content ->> 'person' = ${answer.person}
    order by happened_at desc, parcel.id desc limit ${LOOKED_THROUGH}`.execute(ctx.db)
  const recent = rows.filter(({ at, isRemoved }) => !isRemoved && Date.now() - at.getTime() < WITHIN_MS)
  const target = recent.find(({ id, isUsed }) => (asked === null ? !isUsed : id === asked))
  if (target) return target
  if (recent.length === 0)
    throw new Unsendable(
      `${because} A private reply goes only within 7 days of a comment: the person has to write again first.`,
    )
  throw new Unsendable(
    `${because} Each comment takes one private reply, and it was sent: the person has to write again first.`,
  )
}
