/** The Send API: a page's answers and signals to people. */
import type { Box } from '../box.ts'
import { addAttachment, pageWrites, threadOf } from '../threads/threads.ts'
import { personByScopedId } from '../world/people.ts'
import type { Attachment, Message, Thread } from '../world/world.ts'
import { type Call, needPermission, needTask, type PageCaller, pageCaller } from './call.ts'
import { graphError, invalidParameter } from './errors.ts'
import { privateReplyTarget } from './private-replies.ts'
import { checkText, checkWindow, messagesPermission } from './send-rules.ts'
import { takeAttachment } from './uploads.ts'

type Fields = Record<string, unknown>

/** POST {page}/messages and me/messages */
export async function send(call: Call): Promise<object> {
  const { box, parameters } = call
  const caller = pageCaller(call, call.segments[0] ?? '')
  needTask(caller, 'MESSAGING')
  const recipient = parameters.object('recipient')
  if (!recipient) throw invalidParameter('The parameter recipient is required')
  const message = parameters.object('message')
  const action = parameters.text('sender_action')
  if (action !== undefined && message) throw graphError('actionWithMessage')

  const reply = privateReplyTarget(box, caller, recipient)
  const thread = reply?.thread ?? findThread(box, caller, recipient)
  needPermission(caller, messagesPermission(thread.platform))
  const person = { recipient_id: recipientId(box, thread) }
  if (box.world.people.get(thread.personId)?.blocked.includes(caller.page.id)) throw graphError('unavailable')
  if (thread.ownerAppId !== undefined && thread.ownerAppId !== caller.app.id) throw graphError('otherApp')
  if (action !== undefined) {
    act(box, thread, action, parameters.object('payload'))
    return person
  }
  if (!message) throw graphError('emptyMessage')
  if (!reply) checkWindow(box, caller.app, thread, parameters.text('messaging_type'), parameters.text('tag'))

  const metadata = textOf(message, 'metadata')
  if (metadata !== undefined && [...metadata].length >= 1000)
    throw invalidParameter('param message[metadata] must be shorter than 1000 characters')
  const { text, attachment, uploadId } = await readContent(call, caller, thread, message)
  const replyTo = textOf(parameters.object('reply_to') ?? {}, 'mid')
  if (replyTo !== undefined && !thread.messages.some(({ mid }) => mid === replyTo))
    throw invalidParameter('Invalid reply_to message id')
  reply?.done()
  const sent = pageWrites(box, thread, {
    ...(text !== undefined && { text }),
    ...(attachment && { attachments: [attachment] }),
    replyTo,
    metadata,
    appId: caller.app.id,
  })
  if (reply) thread.awaitsPerson = true
  return { ...person, message_id: sent.mid, ...(uploadId !== undefined && { attachment_id: uploadId }) }
}

interface Content {
  text?: string
  attachment?: Attachment
  uploadId?: string
}

async function readContent(
  call: Call,
  caller: PageCaller,
  thread: Thread,
  message: Fields,
): Promise<Content> {
  const text = textOf(message, 'text')
  const { attachment, sticker_id: sticker } = message
  checkQuickReplies(message.quick_replies)
  if (text !== undefined && attachment !== undefined)
    throw invalidParameter('Only one of text or attachment can be set in a message')
  if (text !== undefined) {
    checkText(thread.platform, text)
    return { text }
  }
  if (sticker !== undefined)
    return { attachment: addAttachment('sticker', { payload: { sticker_id: Number(sticker) } }) }
  if (attachment === undefined) throw graphError('emptyMessage')
  if (typeof attachment !== 'object' || attachment === null || Array.isArray(attachment))
    throw invalidParameter('param message[attachment] must be an object.')
  const { type, payload } = attachment as { type?: string; payload?: Fields }
  if (type === 'template') return { attachment: addAttachment('template', { payload: { ...payload } }) }
  const taken = await takeAttachment(call, caller, String(type ?? ''), payload ?? {}, thread.platform)
  return {
    attachment: addAttachment(taken.type, { fileId: taken.fileId }),
    ...(taken.uploadId !== undefined && { uploadId: taken.uploadId }),
  }
}

function findThread(box: Box, { page }: PageCaller, recipient: Fields): Thread {
  const given = Object.keys(recipient).filter((name) => recipient[name] !== undefined)
  if (given.length !== 1) throw invalidParameter('param recipient must have exactly one of its keys.')
  const id = textOf(recipient, 'id')
  if (id === undefined) throw graphError('noSuchPerson')
  const known = personByScopedId(box.world, page.id, id)
  if (!known) throw graphError('noSuchPerson')
  return threadOf(box, { page, ...known })
}

function recipientId(box: Box, { platform, pageId, personId }: Thread): string {
  return box.world.scopedIds.get(`${platform}/${pageId}/${personId}`) ?? ''
}

function act(box: Box, thread: Thread, action: string, payload: Fields | undefined): void {
  if (action === 'typing_on') thread.typing = 'page'
  else if (action === 'typing_off') delete thread.typing
  else if (action === 'mark_seen') markSeen(thread)
  else if (action === 'react' || action === 'unreact') {
    const message = thread.messages.find(({ mid }) => mid === textOf(payload ?? {}, 'message_id'))
    if (!message) throw invalidParameter('Invalid message_id in payload')
    if (action === 'react') message.reactions.set('page', textOf(payload ?? {}, 'reaction') ?? 'love')
    else message.reactions.delete('page')
  } else
    throw invalidParameter(
      `param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN, REACT, UNREACT}`,
    )
  box.changed()
}

function markSeen(thread: Thread): void {
  const isTheirs = ({ isFromPage }: Message): boolean => !isFromPage
  for (const message of thread.messages.filter(isTheirs)) message.isRead = true
}

function checkQuickReplies(given: unknown): void {
  if (given === undefined) return
  if (!Array.isArray(given) || given.length > 13)
    throw invalidParameter('param message[quick_replies] has too many elements.')
  for (const { title, payload } of given as Fields[]) {
    if (String(title ?? '').length > 20)
      throw invalidParameter('Quick reply title is longer than 20 characters')
    if (String(payload ?? '').length > 1000)
      throw invalidParameter('Quick reply payload is longer than 1000 characters')
  }
}

export function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
