/** Reads messages as conversations list them into the events that their webhooks would have been. */
import type { ChannelEvent, FileLink } from '../channels/channel-event.ts'
import type { Asking } from '../channels/missed.ts'
import { list, members, readId, readText, readTime } from '../channels/values.ts'

/** Meta gives the content of no more. */
export const NEWEST = 20
export const messageFields =
  'id,message,from,to,created_time,attachments{mime_type,name,image_data,video_data,file_url}'
export const conversationFields = `id,updated_time,messages.limit(${NEWEST}){${messageFields}}`

export function readMessages(
  { pageId, nodeId }: Pick<Asking, 'pageId' | 'nodeId'>,
  messages: readonly unknown[],
  since: Date,
): ChannelEvent[] {
  return messages
    .flatMap((message) => readMessage(pageId, nodeId, message) ?? [])
    .filter(({ at }) => new Date(at) >= since)
}

function readMessage(pageId: string, nodeId: string, value: unknown): ChannelEvent | undefined {
  const message = members(value)
  const messageId = readId(message.id)
  const from = readId(members(message.from).id)
  const to = readId(members(list(members(message.to).data)[0]).id)
  const at = readTime(message.created_time)
  // Of an account, the list names it or the page to which it is linked.
  const isOurs = from === pageId || from === nodeId
  const person = isOurs ? to : from
  if (messageId === undefined || person === undefined || at === undefined) return undefined
  const files = list(members(message.attachments).data).flatMap(readFile)
  const text = readText(message.message)
  const body = text ?? (files.length === 0 ? '(message without text)' : '')
  const about = { pageId, person, conversation: `m:${person}`, at: at.toISOString(), messageId, body, files }
  return isOurs
    ? { ...about, type: 'echo', key: `echo:${messageId}` }
    : { ...about, type: 'message', key: `message:${messageId}` }
}

function readFile(value: unknown): FileLink[] {
  const attachment = members(value)
  const url =
    readText(members(attachment.image_data).url) ??
    readText(members(attachment.video_data).url) ??
    readText(attachment.file_url)
  const kind = /^(image|audio|video)\//.exec(readText(attachment.mime_type) ?? '')?.[1] ?? 'file'
  return url === undefined ? [] : [{ url, kind }]
}
