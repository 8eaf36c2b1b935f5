/** An answer as messages in Messenger: cut to the limit, within the time for answers, a file in a call of its own. */
import { inUnits, splitText } from '../../channels/split-text.ts'
import { list, members, readId, readText, readTime } from '../../channels/values.ts'
import { type SendAs, sendAs } from '../../channels/window.ts'
import * as conversations from '../../conversations/conversations.ts'
import { meaningOf } from '../../facebook/graph-errors.ts'
import { multipart } from '../../forms/multipart.ts'
import { GraphError } from '../../graph/graph-error.ts'
import { fetchAttachment } from './fetch-attachment.ts'
import { markOf } from './mark.ts'
import { type Part, type Sending, Unsendable } from './sending.ts'
import { respectUsage } from './usage.ts'

/** Facebook says "less than 2000 characters" and not of which kind. */
export const textLimit = { size: 1900, measure: inUnits }
const UPLOAD_WITHIN_MS = 60_000
/** Between our clock and Facebook's. */
const CLOCKS_MS = 60_000

export async function messengerParts(sending: Sending): Promise<Part[]> {
  const { ctx, bound, answer, parcel } = sending
  const customer = await conversations.find(ctx.db, bound.id, answer.person)
  const by = { isPerson: answer.isPerson, humanAgentAllowed: ctx.humanAgentAllowed }
  const as = sendAs(customer?.lastSignAt ?? null, new Date(), by)
  if (as === 'closed') throw new Unsendable(meaningOf({ code: 10, subcode: 2018278, status: 400 }).words)
  if (answer.file) {
    const file = await fetchAttachment(ctx, bound, answer.file)
    const message = { attachment: { type: kindOf(file.type), payload: {} }, metadata: markOf(parcel.id, 0) }
    return [toPart(sending, as, message, file)]
  }
  return splitText(answer.body, textLimit).map((text, part) =>
    toPart(sending, as, { text, metadata: markOf(parcel.id, part) }),
  )
}

interface File {
  name: string
  type: string
  bytes: Uint8Array
}

function toPart(
  sending: Sending,
  as: SendAs,
  message: { text?: string; attachment?: object; metadata: string },
  file?: File,
): Part {
  const post = async (how: SendAs): Promise<string> => {
    const { ctx, bound, answer } = sending
    const fields = {
      recipient: { id: answer.person },
      ...(how === 'human-agent'
        ? { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
        : { messaging_type: 'RESPONSE' }),
      message,
    }
    const { body, usage } = await ctx.graph.call<{ message_id?: unknown }>('POST', {
      path: `${bound.pageId}/messages`,
      token: bound.pageToken,
      body: file ? multipart(fields, 'filedata', file) : fields,
      ...(file && { timeoutMs: UPLOAD_WITHIN_MS }),
    })
    await respectUsage(ctx, bound.id, usage)
    return readId(body.message_id) ?? message.metadata
  }
  return {
    async send() {
      try {
        return await post(as)
      } catch (error) {
        // Our clock and Facebook's may see the end of the day differently.
        const mayTag = as === 'response' && sending.answer.isPerson && sending.ctx.humanAgentAllowed
        if (!(error instanceof GraphError) || !mayTag || meaningOf(error).remedy !== 'window-closed')
          throw error
        return await post('human-agent')
      }
    },
    find: (askedAt) => findMessage(sending, askedAt, message.text),
  }
}

/** Among the page's last messages to this person: the same text, or a file, that we know nothing of. */
async function findMessage(
  { ctx, bound, answer }: Sending,
  askedAt: Date,
  text: string | undefined,
): Promise<string | undefined> {
  const conversation = await ctx.graph.get<unknown>(`${bound.pageId}/conversations`, bound.pageToken, {
    platform: 'messenger',
    user_id: answer.person,
    fields: 'messages.limit(20){id,message,from,created_time,attachments}',
  })
  const [thread] = list(members(conversation).data)
  for (const one of list(members(members(thread).messages).data)) {
    const { id, message, from, created_time, attachments } = members(one)
    const messageId = readId(id)
    const at = readTime(created_time)
    if (messageId === undefined || at === undefined || at.getTime() < askedAt.getTime() - CLOCKS_MS) continue
    if (readId(members(from).id) !== bound.pageId) continue
    const isSame =
      text === undefined ? list(members(attachments).data).length > 0 : readText(message)?.trim() === text
    if (isSame && !(await conversations.isSent(ctx.db, bound.id, messageId))) return messageId
  }
  return undefined
}

const pictures = new Set(['image/jpeg', 'image/png', 'image/gif'])

export function kindOf(type: string): string {
  if (pictures.has(type)) return 'image'
  const kind = type.split('/', 1)[0]
  return kind === 'audio' || kind === 'video' ? kind : 'file'
}
