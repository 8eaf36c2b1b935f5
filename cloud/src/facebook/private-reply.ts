/** What a comment cannot carry reaches the person in Messenger: one message for each comment or post of his, within seven days of it. */

import { type Outward, type Part, Unsendable, type Written } from '../channels/outward.ts'
import { splitText } from '../channels/split-text.ts'
import { readId } from '../channels/values.ts'
import { multipart } from '../forms/multipart.ts'
import { GraphError } from '../graph/graph-error.ts'
import { isFinal, meaningOf } from '../messaging/meaning.ts'
import type { MessageRules } from '../messaging/send-messages.ts'
import { join, say } from '../texts/say.ts'

const WITHIN_MS = 7 * 24 * 3_600_000
const UPLOAD_WITHIN_MS = 60_000

/** `because`: why it is no comment, as a sentence for the agent where this fails, too. */
export async function privateParts(outward: Outward, rules: MessageRules, because: string): Promise<Part[]> {
  const { graph, nodeId, token, answer } = outward
  const before = await outward.privateBefore()
  const target = choose(await outward.writtenInThread(), before, because)
  // Until the person answers there is room for this message alone.
  const [text, ...others] = splitText(answer.body, rules.limit)
  if (!answer.file && others.length > 0)
    throw new Unsendable(join(because, say('private-long', { channel: rules.name })))
  const file = answer.file ? await outward.fetchFile(answer.file) : undefined
  const content = answer.file ? { attachment: { type: rules.kindOf(answer.file), payload: {} } } : { text }
  const fields = {
    recipient: target.isComment ? { comment_id: target.id } : { post_id: target.id },
    messaging_type: 'RESPONSE',
    message: { ...content, metadata: outward.mark(0) },
  }
  return [
    {
      privateTo: target.id,
      text: answer.file ? null : (text ?? ''),
      otherwise: join(say('as-private'), because),
      async send() {
        try {
          const { body, usage } = await graph.call<{ message_id?: unknown }>('POST', {
            path: `${nodeId}/messages`,
            token,
            body: file ? multipart(fields, 'filedata', file) : fields,
            ...(file && { timeoutMs: UPLOAD_WITHIN_MS }),
          })
          await outward.noteUsage(usage)
          return readId(body.message_id) ?? fields.message.metadata
        } catch (error) {
          if (!(error instanceof GraphError) || error.isAmbiguous) throw error
          const { remedy, words } = meaningOf(error, rules.name)
          // The one that was sent is ours if we have asked before and were not answered.
          if (remedy === 'done' && before !== null) return fields.message.metadata
          if (!isFinal(remedy)) throw error
          throw new Unsendable(join(because, say('private-failed'), words))
        }
      },
      /** Facebook knows whether there was one, and is asked by sending again. */
      find: async () => undefined,
    },
  ]
}

/** What the person wrote last below this post and got no private reply to. */
function choose(written: readonly Written[], asked: string | null, because: string): Written {
  const recent = written.filter(({ at, isRemoved }) => !isRemoved && Date.now() - at.getTime() < WITHIN_MS)
  const target = recent.find(({ id, isUsed }) => (asked === null ? !isUsed : id === asked))
  if (target) return target
  if (recent.length === 0) throw new Unsendable(join(because, say('private-late')))
  throw new Unsendable(join(because, say('private-used')))
}
