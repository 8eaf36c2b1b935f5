/** An answer as messages of a direct conversation: cut to the limit, within the time for answers, a file in a call of its own. */
import { type AnswerFile, type Outward, type Part, Unsendable } from '../channels/outward.ts'
import { areSameWords } from '../channels/same-words.ts'
import { type SplitLimit, splitText } from '../channels/split-text.ts'
import { list, members, readId, readText, readTime } from '../channels/values.ts'
import type { SendAs } from '../channels/window.ts'
import { type FormFile, multipart } from '../forms/multipart.ts'
import { GraphError } from '../graph/graph-error.ts'
import { say } from '../texts/say.ts'
import { meaningOf } from './meaning.ts'

const UPLOAD_WITHIN_MS = 60_000
/** Between our clock and Meta's. */
const CLOCKS_MS = 60_000

/** What differs from channel to channel. */
export interface MessageRules {
  name: string
  platform: 'messenger' | 'instagram'
  limit: SplitLimit
  /** The kind of attachment that a file goes out as; null: none, and its address is sent. */
  kindOf(file: AnswerFile): string | null
  /** How large a picture may be; absent: like any file. */
  pictureBytes?: number
  /** How a file has to be called. */
  nameOf?(name: string): string
}

export async function messageParts(outward: Outward, rules: MessageRules): Promise<Part[]> {
  const { answer } = outward
  const as = await outward.sendAs()
  if (as === 'closed')
    throw new Unsendable(meaningOf({ code: 10, subcode: 2018278, status: 400 }, rules.name).words)
  const toPart = (message: Message, file?: FormFile): Part => ({
    text: message.text ?? null,
    send: () => send(outward, as, message, file),
    find: (askedAt) => findMessage(outward, rules, askedAt, message.text),
  })
  const type = answer.file && rules.kindOf(answer.file)
  if (answer.file && type !== null) {
    const file = await outward.fetchFile(answer.file)
    if (type === 'image' && file.bytes.length > (rules.pictureBytes ?? Number.POSITIVE_INFINITY))
      throw new Unsendable(
        `The picture is larger than ${rules.name} takes (${toMegabytes(rules.pictureBytes)} MB).`,
      )
    const attachment = { type, payload: {} }
    const named = { ...file, name: rules.nameOf?.(file.name) ?? file.name }
    return [toPart({ attachment, metadata: outward.mark(0) }, named)]
  }
  const words = answer.file ? `${answer.file.name}: ${answer.file.url}` : answer.body
  const otherwise = answer.file ? { otherwise: say('as-address', { channel: rules.name }) } : {}
  return splitText(words, rules.limit).map((text, part) => ({
    ...toPart({ text, metadata: outward.mark(part) }),
    ...otherwise,
  }))
}

const toMegabytes = (bytes = 0): number => Math.floor(bytes / 1024 / 1024)

interface Message {
  text?: string
  attachment?: object
  metadata: string
}

async function send(outward: Outward, as: SendAs, message: Message, file?: FormFile): Promise<string> {
  try {
    return await post(outward, as, message, file)
  } catch (error) {
    // Our clock and Meta's may see the end of the day differently.
    const mayTag = as === 'response' && outward.mayTag
    if (!(error instanceof GraphError) || !mayTag || meaningOf(error).remedy !== 'window-closed') throw error
    return await post(outward, 'human-agent', message, file)
  }
}

async function post(
  { graph, nodeId, token, answer, noteUsage }: Outward,
  how: SendAs,
  message: Message,
  file?: FormFile,
): Promise<string> {
  const fields = {
    recipient: { id: answer.person },
    ...(how === 'human-agent'
      ? { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
      : { messaging_type: 'RESPONSE' }),
    message,
  }
  const { body, usage } = await graph.call<{ message_id?: unknown }>('POST', {
    path: `${nodeId}/messages`,
    token,
    body: file ? multipart(fields, 'filedata', file) : fields,
    ...(file && { timeoutMs: UPLOAD_WITHIN_MS }),
  })
  await noteUsage(usage)
  return readId(body.message_id) ?? message.metadata
}

/** Among the last messages to this person: the same text, or a file, that we know nothing of. */
async function findMessage(
  { graph, pageId, nodeId, token, answer, isSent }: Outward,
  { platform }: MessageRules,
  askedAt: Date,
  text: string | undefined,
): Promise<string | undefined> {
  const conversation = await graph.get<unknown>(`${nodeId}/conversations`, token, {
    platform,
    user_id: answer.person,
    fields: 'messages.limit(20){id,message,from,created_time,attachments}',
  })
  const [thread] = list(members(conversation).data)
  for (const one of list(members(members(thread).messages).data)) {
    const { id, message, from, created_time, attachments } = members(one)
    const messageId = readId(id)
    const at = readTime(created_time)
    if (messageId === undefined || at === undefined || at.getTime() < askedAt.getTime() - CLOCKS_MS) continue
    const author = readId(members(from).id)
    if (author !== pageId && author !== nodeId) continue
    const isSame =
      text === undefined
        ? list(members(attachments).data).length > 0
        : areSameWords(readText(message) ?? '', text)
    if (isSame && !(await isSent(messageId))) return messageId
  }
  return undefined
}

const pictures = new Set(['image/jpeg', 'image/png', 'image/gif'])

export function attachmentKind(type: string): string {
  if (pictures.has(type)) return 'image'
  const kind = type.split('/', 1)[0]
  return kind === 'audio' || kind === 'video' ? kind : 'file'
}
