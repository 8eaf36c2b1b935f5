/** Conversations between people and pages: what each side does, and what subscribers hear of it. */
import type { Box } from '../box.ts'
import { fileUrl } from '../cdn/files.ts'
import { emitMessaging } from '../deliveries/emit.ts'
import { digits, messageId, threadId } from '../world/ids.ts'
import { pageIdOn, scopedId } from '../world/people.ts'
import {
  type Attachment,
  INBOX_APP,
  type Message,
  type Page,
  type Person,
  type Platform,
  type Thread,
} from '../world/world.ts'

export interface Sides {
  page: Page
  person: Person
  platform: Platform
}

export function threadOf(box: Box, { page, person, platform }: Sides): Thread {
  const key = `${platform}/${page.id}/${person.id}`
  const known = box.world.threads.get(key)
  if (known) return known
  const thread: Thread = {
    id: threadId(),
    platform,
    pageId: page.id,
    personId: person.id,
    messages: [],
    openedAt: 0,
    awaitsPerson: false,
  }
  box.world.threads.set(key, thread)
  return thread
}

/** Also a comment, a post of a visitor, or a reaction opens the window. */
export function openWindow(box: Box, thread: Thread): void {
  thread.openedAt = box.clock.now()
}

export interface Said {
  text?: string | undefined
  attachments?: Attachment[]
  replyTo?: string | undefined
  /** The picture of a story of the account, on Instagram. */
  story?: string | undefined
}

export function addAttachment(
  type: string,
  given: { fileId?: string; payload?: Record<string, unknown> },
): Attachment {
  return { id: digits(16), type, ...given }
}

function addMessage(
  box: Box,
  thread: Thread,
  said: Said & Pick<Message, 'isFromPage'> & { appId?: string; metadata?: string | undefined },
): Message {
  const { text, attachments = [], replyTo, story, isFromPage, appId, metadata } = said
  const message: Message = {
    mid: messageId(),
    at: box.clock.now(),
    isFromPage,
    ...(appId !== undefined && { appId }),
    ...(text !== undefined && { text }),
    attachments,
    ...(replyTo !== undefined && { replyTo }),
    ...(story !== undefined && { story }),
    ...(metadata !== undefined && { metadata }),
    reactions: new Map(),
    edits: 0,
    isDeleted: false,
    isDelivered: false,
    isRead: false,
  }
  thread.messages.push(message)
  return message
}

/** The person writes to the page, or sends files. */
export function personWrites(box: Box, thread: Thread, said: Said, extra: object = {}): Message {
  const message = addMessage(box, thread, { ...said, isFromPage: false })
  openWindow(box, thread)
  thread.awaitsPerson = false
  emit(box, thread, 'messages', message.at, { message: { ...messageBody(box, message), ...extra } })
  box.changed()
  return message
}

/** Echoes carry the app that sent; without one it is the page's own inbox. */
export function pageWrites(
  box: Box,
  thread: Thread,
  said: Said & { appId?: string; metadata?: string | undefined },
): Message {
  const { appId = INBOX_APP } = said
  const message = addMessage(box, thread, { ...said, appId, isFromPage: true })
  delete thread.typing
  // Instagram has no field of its own for echoes, and they do not say who sent.
  const isInstagram = thread.platform === 'instagram'
  const echo = {
    message: {
      ...messageBody(box, message, true),
      is_echo: true,
      ...(!isInstagram && { app_id: Number(appId) }),
      ...(!isInstagram && message.metadata !== undefined && { metadata: message.metadata }),
    },
  }
  const field = isInstagram ? 'messages' : 'message_echoes'
  emitMessaging(box, thread, field, { ...sidesOf(box, thread, true), timestamp: message.at, ...echo })
  if (box.switches.receipts !== 'none') personReceives(box, thread)
  if (box.switches.receipts === 'read') personReads(box, thread)
  box.changed()
  return message
}

/** The person's device took what the page sent. */
export function personReceives(box: Box, thread: Thread): void {
  const taken = thread.messages.filter(({ isFromPage, isDelivered }) => isFromPage && !isDelivered)
  for (const message of taken) message.isDelivered = true
  const watermark = taken.at(-1)?.at
  if (watermark === undefined || thread.platform === 'instagram') return
  const fields = box.world.pages.get(thread.pageId)?.subscribed
  // Deliveries are only seen by who subscribed to echoes too.
  if (![...(fields?.values() ?? [])].some((names) => names.includes('message_echoes'))) return
  const mids = taken.map(({ mid }) => mid)
  emit(box, thread, 'message_deliveries', box.clock.now(), { delivery: { mids, watermark } })
}

export function personReads(box: Box, thread: Thread): void {
  const read = thread.messages.filter(({ isFromPage, isRead }) => isFromPage && !isRead)
  for (const message of read) {
    message.isDelivered = true
    message.isRead = true
  }
  const newest = read.at(-1)
  if (!newest) return
  const body = thread.platform === 'instagram' ? { mid: newest.mid } : { watermark: newest.at }
  const field = thread.platform === 'instagram' ? 'messaging_seen' : 'message_reads'
  emit(box, thread, field, box.clock.now(), { read: body })
  box.changed()
}

const reactionNames: Readonly<Record<string, string>> = {
  '😆': 'smile',
  '😠': 'angry',
  '😢': 'sad',
  '😮': 'wow',
  '❤': 'love',
  '👍': 'like',
  '👎': 'dislike',
}

/** Without an emoji the reaction is taken back. */
export function personReacts(box: Box, thread: Thread, message: Message, emoji: string | undefined): void {
  if (emoji === undefined) message.reactions.delete('person')
  else message.reactions.set('person', emoji)
  openWindow(box, thread)
  const reaction =
    emoji === undefined
      ? { mid: message.mid, action: 'unreact' }
      : {
          mid: message.mid,
          action: 'react',
          emoji,
          reaction: reactionNames[emoji.replace('\ufe0f', '')] ?? 'other',
        }
  emit(box, thread, 'message_reactions', box.clock.now(), { reaction })
  box.changed()
}

export function personEdits(box: Box, thread: Thread, message: Message, text: string): void {
  message.text = text
  message.edits += 1
  emit(box, thread, 'message_edits', box.clock.now(), {
    message_edit: { mid: message.mid, text, num_edit: message.edits },
  })
  box.changed()
}

export function personUnsends(box: Box, thread: Thread, message: Message): void {
  message.isDeleted = true
  message.attachments = []
  delete message.text
  emit(box, thread, 'messages', box.clock.now(), { message: { mid: message.mid, is_deleted: true } })
  box.changed()
}

/** The person taps a button; Get Started, when no title is given. */
export function personTaps(box: Box, thread: Thread, title: string, payload: string): void {
  openWindow(box, thread)
  thread.awaitsPerson = false
  emit(box, thread, 'messaging_postbacks', box.clock.now(), {
    postback: { mid: messageId(), title, payload },
  })
  box.changed()
}

/** Another app takes the thread, or, without one, it is anybody's again. */
export function giveThread(box: Box, thread: Thread, appId: string | undefined): void {
  const previous = thread.ownerAppId
  if (appId === undefined) delete thread.ownerAppId
  else thread.ownerAppId = appId
  emit(box, thread, 'messaging_handovers', box.clock.now(), {
    ...(appId !== undefined
      ? {
          take_thread_control: {
            previous_owner_app_id: previous ?? null,
            new_owner_app_id: appId,
            metadata: '',
          },
        }
      : {
          pass_thread_control: {
            previous_owner_app_id: previous ?? null,
            new_owner_app_id: null,
            metadata: '',
          },
        }),
  })
  box.changed()
}

function emit(box: Box, thread: Thread, field: string, at: number, body: object): void {
  emitMessaging(box, thread, field, { ...sidesOf(box, thread, false), timestamp: at, ...body })
}

function sidesOf(box: Box, thread: Thread, isFromPage: boolean): object {
  const page = box.world.pages.get(thread.pageId)
  const person = { id: scopedId(box.world, thread.pageId, thread.personId, thread.platform) }
  const own = { id: page ? pageIdOn(page, thread.platform) : thread.pageId }
  return isFromPage ? { sender: own, recipient: person } : { sender: person, recipient: own }
}

function messageBody(box: Box, message: Message, isEcho = false): object {
  const attachments = message.attachments.flatMap((attachment) => written(box, attachment, isEcho))
  return {
    mid: message.mid,
    ...(message.text !== undefined && { text: message.text }),
    ...(attachments.length > 0 && { attachments }),
    ...(message.replyTo !== undefined && { reply_to: { mid: message.replyTo } }),
    ...storyOf(box, message),
  }
}

function storyOf(box: Box, { story }: Message): object {
  const file = story === undefined ? undefined : box.world.files.get(story)
  return file ? { reply_to: { story: { id: file.id, url: fileUrl(box, file) } } } : {}
}

/** As events carry a file: its address and nothing else. */
function written(box: Box, { type, fileId, payload, id }: Attachment, isEcho: boolean): object[] {
  const file = fileId === undefined ? undefined : box.world.files.get(fileId)
  const url = file && fileUrl(box, file)
  const whole = {
    ...(url && { url }),
    ...payload,
    ...(isEcho && url && { attachment_id: Number(id) }),
  }
  if (type !== 'sticker') return [Object.keys(whole).length > 0 ? { type, payload: whole } : { type }]
  const image = { type: 'image', payload: whole }
  if (box.switches.sticker === 'image') return [image]
  return box.switches.sticker === 'both' ? [image, { type, payload: whole }] : [{ type, payload: whole }]
}
