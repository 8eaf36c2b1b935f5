/** Reading about people and what was said: profiles, conversations, single messages. */
import type { Box } from '../box.ts'
import { fileUrl } from '../cdn/files.ts'
import { fullName, personByScopedId, scopedId } from '../world/people.ts'
import type { Attachment, Message, Page, Person, Platform, Thread } from '../world/world.ts'
import {
  askedFields,
  type Call,
  listed,
  needPermission,
  type PageCaller,
  pageCaller,
  restTime,
} from './call.ts'
import { graphError, notFound } from './errors.ts'
import { pick } from './fields.ts'
import { faceOf } from './pages.ts'
import { messagesPermission } from './send-rules.ts'

/** Details of older ones are not given out. */
const DETAILED = 20

const usernameOf = (person: Person): string => fullName(person).toLowerCase().replaceAll(' ', '.')

/** GET {psid}: what a page may know of a person that wrote to it. */
export function readProfile(call: Call, caller: PageCaller, person: Person, platform: Platform): object {
  const { box } = call
  needPermission(caller, messagesPermission(platform))
  const thread = box.world.threads.get(`${platform}/${caller.page.id}/${person.id}`)
  const hasConsent = thread?.messages.some(({ isFromPage }) => !isFromPage) ?? false
  if (person.hasHiddenProfile || !hasConsent) {
    if (box.switches.hiddenProfile === 'error') throw graphError('noProfile')
    return {}
  }
  const id = scopedId(box.world, caller.page.id, person.id, platform)
  const record = {
    id,
    name: fullName(person),
    first_name: person.firstName,
    last_name: person.lastName,
    profile_pic: () => fileUrl(box, faceOf(box, fullName(person))),
    ...(platform === 'instagram' && { username: usernameOf(person) }),
  }
  return pick(record, askedFields(call, 'first_name,last_name,profile_pic,id'))
}

/** GET {page}/conversations */
export function conversations(call: Call): object {
  const { box, parameters } = call
  const caller = pageCaller(call, call.segments[0] ?? '')
  const platform: Platform =
    parameters.text('platform')?.toLowerCase() === 'instagram' ? 'instagram' : 'messenger'
  const needed =
    platform === 'instagram' ? ['instagram_basic'] : ['pages_manage_metadata', 'pages_read_engagement']
  for (const permission of [...needed, messagesPermission(platform)]) needPermission(caller, permission)
  const userId = parameters.text('user_id')
  const person =
    userId === undefined ? undefined : personByScopedId(box.world, caller.page.id, userId)?.person
  const threads = [...box.world.threads.values()].filter(
    (thread) =>
      thread.pageId === caller.page.id &&
      thread.platform === platform &&
      thread.messages.length > 0 &&
      (userId === undefined || thread.personId === person?.id),
  )
  threads.sort((one, other) => lastAt(other) - lastAt(one))
  return listed(
    call,
    threads.map((thread) => threadRecord(box, caller.page, thread)),
    'id,updated_time',
  )
}

const lastAt = ({ messages }: Thread): number => messages.at(-1)?.at ?? 0

export function threadRecord(box: Box, page: Page, thread: Thread): Record<string, unknown> {
  const newestFirst = thread.messages.toReversed()
  return {
    id: thread.id,
    updated_time: restTime(lastAt(thread)),
    message_count: thread.messages.length,
    unread_count: thread.messages.filter(({ isFromPage, isRead }) => !isFromPage && !isRead).length,
    is_owner: thread.ownerAppId === undefined,
    can_reply: true,
    participants: () => ({ data: [personOf(box, thread), pageOf(page, thread)] }),
    senders: () => ({ data: [personOf(box, thread), pageOf(page, thread)] }),
    messages: () => ({ data: newestFirst.map((message) => messageRecord(box, page, thread, message)) }),
  }
}

/** GET {thread}/messages: of those behind the newest twenty it says no more than that they were. */
export function threadMessages(call: Call): object {
  const { box } = call
  const id = call.segments[0] ?? ''
  const caller = pageCaller(call, 'me')
  needPermission(caller, 'pages_messaging')
  const thread = [...box.world.threads.values()].find((one) => one.id === id && one.pageId === caller.page.id)
  if (!thread) throw notFound(id)
  const records = thread.messages
    .toReversed()
    .map((message, place) =>
      place < DETAILED
        ? messageRecord(box, caller.page, thread, message)
        : { id: message.mid, created_time: restTime(message.at) },
    )
  return listed(call, records, 'id,created_time')
}

/** GET {message} */
export function readMessage(call: Call, caller: PageCaller, thread: Thread, message: Message): object {
  needPermission(caller, messagesPermission(thread.platform))
  const isOld = thread.messages.length - thread.messages.indexOf(message) > DETAILED
  if (isOld || message.isDeleted) throw graphError('goneMessage')
  return pick(messageRecord(call.box, caller.page, thread, message), askedFields(call, 'created_time,id'))
}

export function messageRecord(
  box: Box,
  page: Page,
  thread: Thread,
  message: Message,
): Record<string, unknown> {
  const person = personOf(box, thread)
  const own = pageOf(page, thread)
  return {
    id: message.mid,
    created_time: restTime(message.at),
    from: message.isFromPage ? own : person,
    to: { data: [message.isFromPage ? person : own] },
    message: message.text ?? '',
    ...(message.replyTo !== undefined && { reply_to: { mid: message.replyTo } }),
    ...(message.attachments.length > 0 && {
      attachments: () => ({
        data: message.attachments.map((attachment) => attachmentRecord(box, attachment)),
      }),
    }),
  }
}

function attachmentRecord(box: Box, { id, fileId }: Attachment): object {
  const file = fileId === undefined ? undefined : box.world.files.get(fileId)
  if (!file) return { id }
  const url = fileUrl(box, file)
  const data = { url, preview_url: url, width: 320, height: 320 }
  return {
    id,
    mime_type: file.type,
    name: file.name,
    size: file.bytes.length,
    ...(file.type.startsWith('image/')
      ? { image_data: { ...data, max_width: 320, max_height: 320, image_type: 1, render_as_sticker: false } }
      : file.type.startsWith('video/')
        ? { video_data: data }
        : { file_url: url }),
  }
}

function personOf(box: Box, { pageId, personId, platform }: Thread): object {
  const person = box.world.people.get(personId)
  const id = scopedId(box.world, pageId, personId, platform)
  if (platform === 'instagram') return { id, username: person ? usernameOf(person) : '' }
  return { name: person ? fullName(person) : '', email: `${id}@facebook.com`, id }
}

const pageOf = ({ id, name, instagram }: Page, { platform }: Thread): object =>
  platform === 'instagram' && instagram ? { ...instagram } : { name, email: `${id}@facebook.com`, id }

export function findMessage(box: Box, mid: string, pageId?: string): { thread: Thread; message: Message } {
  for (const thread of box.world.threads.values()) {
    if (pageId !== undefined && thread.pageId !== pageId) continue
    const message = thread.messages.find((candidate) => candidate.mid === mid)
    if (message) return { thread, message }
  }
  throw notFound(mid)
}
