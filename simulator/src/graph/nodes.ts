/** Single things by their id: read, changed, deleted. */
import { editComment, editPost, hideComment, hidePost, removeComment, removePost } from '../wall/wall.ts'
import { personByScopedId } from '../world/people.ts'
import { askedFields, type Call, needPermission, needTask, pageCaller } from './call.ts'
import { findMessage, readMessage, readProfile, threadRecord } from './conversations.ts'
import { graphError, invalidParameter, notFound } from './errors.ts'
import { commentRecord, findTarget, postRecord, readCommentContent } from './feed.ts'
import { pick } from './fields.ts'
import { readPage } from './pages.ts'
import { messagesPermission } from './send-rules.ts'

/** GET {id} */
export function readNode(call: Call): object {
  const id = call.segments[0] ?? ''
  const { world } = call.box
  const page = world.pages.get(id)
  if (page) return readPage(call, page)
  const { app, page: own } = call.caller()
  if (id === app.id) return pick({ id, name: app.name, category: 'Business' }, askedFields(call, 'id,name'))
  if (!own) throw notFound(id)
  const caller = pageCaller(call, 'me')
  const known = personByScopedId(world, own.id, id)
  if (known) return readProfile(call, caller, known.person, known.platform)
  if (id.startsWith('m_')) {
    const { thread, message } = findMessage(call.box, id, own.id)
    return readMessage(call, caller, thread, message)
  }
  const thread = [...world.threads.values()].find((one) => one.id === id && one.pageId === own.id)
  if (thread) {
    needPermission(caller, messagesPermission(thread.platform))
    return pick(threadRecord(call.box, own, thread), askedFields(call, 'id,updated_time'))
  }
  const { target } = findTarget(call)
  needPermission(caller, 'pages_read_engagement')
  return 'postId' in target
    ? pick(commentRecord(call.box, caller, target), askedFields(call, 'created_time,from,message,id'))
    : pick(postRecord(call.box, caller, target), askedFields(call, 'created_time,message,id'))
}

/** POST {comment} and {post}: edit or hide. */
export async function changeNode(call: Call): Promise<object> {
  const { box, parameters } = call
  const { target, caller } = findTarget(call)
  const { page } = caller
  needPermission(caller, 'pages_manage_engagement')
  needTask(caller, 'MODERATE')
  const isHidden = parameters.flag('is_hidden')
  const isOwn = target.author.kind === 'page'
  if (isHidden !== undefined) {
    if ('postId' in target) hideComment(box, page, target, isHidden)
    else hidePost(box, page, target, isHidden)
  } else if (!isOwn) throw graphError('partWithoutType')
  else if ('postId' in target) editComment(box, page, target, await readCommentContent(call, page))
  else {
    const message = parameters.text('message')
    if (message === undefined) throw invalidParameter('The parameter message is required')
    editPost(box, page, target, message)
  }
  return { success: true }
}

/** DELETE {comment} and {post} */
export function removeNode(call: Call): object {
  const { target, caller } = findTarget(call)
  needPermission(caller, 'pages_manage_engagement')
  needTask(caller, 'MODERATE')
  if ('postId' in target) removeComment(call.box, caller.page, target)
  else removePost(call.box, caller.page, target)
  return { success: true }
}
