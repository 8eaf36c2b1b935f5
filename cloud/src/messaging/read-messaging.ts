/** Reads one element of `messaging` or `standby`: what a person did in a direct conversation, or what the page did there. */
import type { ChannelEvent } from '../channels/channel-event.ts'
import type { Where } from '../channels/channel-kind.ts'
import { list, type Members, members, readId, readText, readTime } from '../channels/values.ts'
import { type Content, notPassedOn, readAttachments } from './attachments.ts'

export interface Messaging extends Where {
  /** As people call it: Messenger, Instagram. */
  channel: string
  /** For addresses that come without their host. */
  site: string
  /** What this channel alone has in a message, and the attachments that are left to be read. */
  readMore?(message: Members): Content & { attachments: readonly unknown[] }
}

/** Undefined: nothing that anybody is told. */
export function readMessaging(where: Messaging, value: unknown): ChannelEvent | undefined {
  const item = members(value)
  const at = readTime(item.timestamp) ?? where.at
  const sender = readId(members(item.sender).id)
  if (item.message !== undefined) return readMessage(where, item, at)
  if (sender === undefined || sender === where.pageId) return undefined
  const about = toAbout(where, sender, at)
  if (item.postback !== undefined) return readPostback(about, members(item.postback), item)
  if (item.reaction !== undefined) return readReaction(about, members(item.reaction))
  if (item.message_edit !== undefined) return readEdit(about, members(item.message_edit))
  if (item.read !== undefined) return readReceipt('read', about, members(item.read))
  if (item.delivery !== undefined) return readReceipt('delivered', about, members(item.delivery))
  if (item.referral !== undefined)
    return { ...about, key: `referral:${sender}:${at.getTime()}`, type: 'window' }
  return undefined
}

type About = Omit<Extract<ChannelEvent, { type: 'window' }>, 'key' | 'type'> & { person: string }

function toAbout({ pageId }: Where, person: string, at: Date): About {
  return { pageId, person, conversation: `m:${person}`, at: at.toISOString() }
}

function readMessage(where: Messaging, item: Members, at: Date): ChannelEvent | undefined {
  const message = members(item.message)
  const messageId = readId(message.mid)
  const isEcho = message.is_echo === true
  // Some echoes name sender and recipient the other way round: whoever is not the page is the customer.
  const ids = [readId(members(item.sender).id), readId(members(item.recipient).id)]
  const person = (isEcho ? ids.toReversed() : ids).find((id) => id !== undefined && id !== where.pageId)
  if (messageId === undefined || person === undefined) return undefined
  const about = toAbout(where, person, at)
  if (message.is_deleted === true)
    return { ...about, key: `deleted:${messageId}`, type: 'deleted', messageId }
  const more = where.readMore?.(message) ?? { files: [], lines: [], attachments: message.attachments }
  const read = readAttachments(more.attachments, where)
  const files = [...read.files, ...more.files]
  const lines = [...read.lines, ...more.lines]
  const body = [readText(message.text), ...lines].filter(Boolean).join('\n')
  if (isEcho) {
    const metadata = readText(message.metadata)
    const appId = readId(message.app_id)
    return {
      ...about,
      key: `echo:${messageId}`,
      type: 'echo',
      messageId,
      body: body === '' && files.length === 0 ? '(message)' : body,
      files,
      ...(metadata === undefined ? {} : { metadata }),
      ...(appId === undefined ? {} : { appId }),
    }
  }
  const isEmpty = body === '' && files.length === 0
  const quotes = readId(members(message.reply_to).mid)
  return {
    ...about,
    key: `message:${messageId}`,
    type: 'message',
    messageId,
    body: isEmpty ? describeEmpty(where, message) : body,
    files,
    ...(quotes === undefined ? {} : { quotes }),
  }
}

function describeEmpty({ channel }: Messaging, message: Members): string {
  if (message.sticker_id !== undefined) return '(sticker)'
  return message.is_unsupported === true ? notPassedOn(channel) : '(message without text)'
}

function readPostback(about: About, postback: Members, item: Members): ChannelEvent {
  const title = readText(postback.title) ?? readText(postback.payload) ?? '(button)'
  const mid = readId(postback.mid) ?? readId(members(item.message).mid)
  const messageId =
    mid ?? `postback:${about.person}:${Date.parse(about.at)}:${readText(postback.payload) ?? title}`
  return {
    ...about,
    key: `message:${messageId}`,
    type: 'message',
    messageId: messageId.slice(0, 500),
    body: title,
    files: [],
  }
}

const emojis: Readonly<Record<string, string>> = {
  smile: '😆',
  angry: '😠',
  sad: '😢',
  wow: '😮',
  love: '❤️',
  like: '👍',
  dislike: '👎',
}

function readReaction(about: About, reaction: Members): ChannelEvent | undefined {
  const messageId = readId(reaction.mid)
  if (messageId === undefined) return undefined
  const action = reaction.action === 'unreact' ? 'unreact' : 'react'
  const name = readText(reaction.reaction) ?? ''
  const emoji = readText(reaction.emoji) ?? (Object.hasOwn(emojis, name) ? emojis[name] : undefined) ?? '👍'
  const key = `reaction:${about.person}:${messageId}:${action}:${action === 'react' ? emoji : ''}:${Date.parse(about.at)}`
  return { ...about, key, type: 'reacted', messageId, action, emoji }
}

function readEdit(about: About, edit: Members): ChannelEvent | undefined {
  const messageId = readId(edit.mid)
  const body = readText(edit.text)
  if (messageId === undefined || body === undefined) return undefined
  const number = readId(edit.num_edit) ?? readId(edit.num_edits) ?? String(Date.parse(about.at))
  return { ...about, key: `edit:${messageId}:${number}`, type: 'edited', messageId, body }
}

function readReceipt(type: 'delivered' | 'read', about: About, receipt: Members): ChannelEvent | undefined {
  const messageIds = [...list(receipt.mids), receipt.mid].flatMap((id) => readId(id) ?? [])
  const until = readTime(receipt.watermark)?.toISOString() ?? null
  if (until === null && messageIds.length === 0) return undefined
  return {
    ...about,
    key: `${type}:${about.person}:${until ?? messageIds.join(',').slice(0, 300)}`,
    type,
    until,
    messageIds,
    // One that is named as read stands for those before it.
    ...(receipt.mid !== undefined && { isUpTo: true as const }),
  }
}
