/** The wall over the API: reading it, answering in it, and the page's own posts. */
import type { Box } from '../box.ts'
import { fileUrl, storeFile } from '../cdn/files.ts'
import { addComment, addPost, permalink, statusType } from '../wall/wall.ts'
import { fromOf } from '../world/people.ts'
import type { Comment, Page, Post, StoredFile } from '../world/world.ts'
import {
  askedFields,
  type Call,
  hasPermission,
  listed,
  needPermission,
  needTask,
  type PageCaller,
  pageCaller,
  restTime,
} from './call.ts'
import { graphError, invalidParameter, notFound } from './errors.ts'
import { pick } from './fields.ts'
import { canReplyPrivately } from './private-replies.ts'
import { addUpload, fetchFile } from './uploads.ts'

/** GET {page}/feed: posts of the page and of visitors, newest first. */
export function readFeed(call: Call): object {
  const caller = pageCaller(call, call.segments[0] ?? '')
  needPermission(caller, 'pages_read_engagement')
  if ((call.parameters.number('limit') ?? 0) > 100)
    throw invalidParameter('Please reduce the amount of data you are asking for: limit is at most 100')
  const posts = [...call.box.world.posts.values()].filter(
    ({ pageId, isDeleted }) => pageId === caller.page.id && !isDeleted,
  )
  posts.sort((one, other) => other.createdAt - one.createdAt)
  return listed(
    call,
    posts.map((post) => postRecord(call.box, caller, post)),
    'created_time,message,id',
  )
}

export function postRecord(box: Box, caller: PageCaller, post: Post): Record<string, unknown> {
  const files = post.fileIds.flatMap((id) => box.world.files.get(id) ?? [])
  return {
    id: post.id,
    message: post.message === '' ? undefined : post.message,
    from: authorOf(box, caller, post),
    created_time: restTime(post.createdAt),
    updated_time: restTime(post.updatedAt),
    permalink_url: permalink(box, post),
    status_type: statusType(post),
    is_published: post.isPublished,
    is_hidden: post.isHidden,
    can_reply_privately: canReplyPrivately(box, post),
    ...(files.length > 0 && { attachments: () => ({ data: files.map((file) => attachmentOf(box, file)) }) }),
    comments: () => ({
      data: commentsOf(box, post.id).map((comment) => commentRecord(box, caller, comment)),
    }),
  }
}

export function commentRecord(box: Box, caller: PageCaller, comment: Comment): Record<string, unknown> {
  const file = comment.fileId === undefined ? undefined : box.world.files.get(comment.fileId)
  const replies = [...box.world.comments.values()].filter(
    ({ parentId, isDeleted }) => parentId === comment.id && !isDeleted,
  )
  const parent = box.world.comments.get(comment.parentId)
  return {
    id: comment.id,
    message: comment.message,
    from: authorOf(box, caller, comment),
    created_time: restTime(comment.createdAt),
    ...(parent && {
      parent: { id: parent.id, message: parent.message, created_time: restTime(parent.createdAt) },
    }),
    ...(file && { attachment: () => attachmentOf(box, file) }),
    can_comment: true,
    can_hide: comment.author.kind === 'person',
    can_remove: true,
    can_reply_privately: canReplyPrivately(box, comment),
    is_hidden: comment.isHidden,
    like_count: comment.reactions.size,
    comment_count: replies.length,
    comments: () => ({ data: replies.map((reply) => commentRecord(box, caller, reply)) }),
  }
}

/** Visitors are only named to who may read what they write. */
function authorOf(box: Box, caller: PageCaller, { author }: Post | Comment): object | undefined {
  if (author.kind === 'person' && !hasPermission(caller, 'pages_read_user_content')) return undefined
  return fromOf(box.world, caller.page.id, author)
}

function attachmentOf(box: Box, file: StoredFile): object {
  const url = fileUrl(box, file)
  return {
    type: file.type.startsWith('video/') ? 'video_inline' : 'photo',
    media: { image: { src: url, width: 320, height: 320 } },
    target: { id: file.id.split('_')[1], url },
    url,
  }
}

function commentsOf(box: Box, parentId: string): Comment[] {
  return [...box.world.comments.values()].filter(
    (comment) => comment.parentId === parentId && !comment.isDeleted,
  )
}

/** GET {post}/comments and {comment}/comments */
export function readComments(call: Call): object {
  const { box, parameters } = call
  const { target, caller } = findTarget(call)
  needPermission(caller, 'pages_read_engagement')
  const isStream = parameters.text('filter') === 'stream' && !('postId' in target)
  const comments = isStream
    ? [...box.world.comments.values()].filter(({ postId, isDeleted }) => postId === target.id && !isDeleted)
    : commentsOf(box, target.id)
  if (parameters.text('order') === 'reverse_chronological') comments.reverse()
  const records = comments.map((comment) => commentRecord(box, caller, comment))
  return {
    ...listed(call, records, 'created_time,from,message,id'),
    ...(parameters.text('summary') !== undefined && {
      summary: { order: 'chronological', total_count: comments.length, can_comment: true },
    }),
  }
}

/** POST {post}/comments and {comment}/comments: the page comments or replies. */
export async function writeComment(call: Call): Promise<object> {
  const { box } = call
  const { target, caller } = findTarget(call)
  needPermission(caller, 'pages_manage_engagement')
  needTask(caller, 'MODERATE')
  const author = { kind: 'page', id: caller.page.id } as const
  const comment = addComment(box, caller.page, target, {
    author,
    ...(await readCommentContent(call, caller.page)),
  })
  const fields = call.parameters.text('fields')
  return fields === undefined
    ? { id: comment.id }
    : pick(commentRecord(box, caller, comment), askedFields(call, 'id'))
}

/** At least one of a text, an address, an unpublished photo, a file. */
export async function readCommentContent(
  { box, parameters }: Call,
  page: Page,
): Promise<{ message?: string; fileId?: string }> {
  const message = parameters.text('message')
  const address = parameters.text('attachment_url') ?? parameters.text('attachment_share_url')
  const photoId = parameters.text('attachment_id')
  const part = parameters.file('source', 'filedata')
  let fileId: string | undefined
  if (part) {
    if (part.type === '') throw graphError('partWithoutType')
    if (!/^(image|video)\//.test(part.type)) throw invalidParameter('Invalid image file or video file.')
    fileId = storeFile(box, { name: part.fileName ?? 'photo', type: part.type, bytes: part.bytes }).id
  } else if (address !== undefined) fileId = storeFile(box, await fetchFile(address)).id
  else if (photoId !== undefined) {
    const photo = box.world.uploads.get(photoId)
    if (photo?.kind !== 'photo' || photo.pageId !== page.id) throw invalidParameter('Invalid attachment_id')
    fileId = photo.fileId
  }
  if (message === undefined && fileId === undefined) throw invalidParameter('Message is empty')
  return { ...(message !== undefined && { message }), ...(fileId !== undefined && { fileId }) }
}

/** POST {page}/feed */
export function writePost(call: Call): object {
  const { box, parameters } = call
  const { page, caller } = ownWall(call)
  const message = parameters.text('message')
  const link = parameters.text('link')
  if (message === undefined && link === undefined)
    throw invalidParameter('Requires either a message or a link')
  const post = addPost(box, page, {
    author: { kind: 'page', id: caller.page.id },
    ...(message !== undefined && { message }),
    ...(link !== undefined && { link, item: 'share' }),
    isPublished: parameters.flag('published') ?? true,
  })
  return { id: post.id }
}

/** POST {page}/photos, published or for a comment to come; POST {page}/videos. */
export async function writePhoto(call: Call): Promise<object> {
  const { box, parameters } = call
  const { page } = ownWall(call)
  const part = parameters.file('source')
  const address = parameters.text('url') ?? parameters.text('file_url')
  if (part?.type === '') throw graphError('partWithoutType')
  if (!part && address === undefined) throw invalidParameter('The parameter url or source is required')
  const given = part
    ? { name: part.fileName ?? 'photo', type: part.type, bytes: part.bytes }
    : await fetchFile(address ?? '')
  const file = storeFile(box, given)
  if (parameters.flag('published') === false)
    return { id: addUpload(box, 'photo', page.id, 'image', file).id }
  const message =
    parameters.text('message') ?? parameters.text('caption') ?? parameters.text('description') ?? ''
  const post = addPost(box, page, { author: { kind: 'page', id: page.id }, message, fileIds: [file.id] })
  return { id: post.id.split('_')[1], post_id: post.id }
}

function ownWall(call: Call): { page: Page; caller: PageCaller } {
  const caller = pageCaller(call, call.segments[0] ?? '')
  needPermission(caller, 'pages_manage_posts')
  needTask(caller, 'CREATE_CONTENT', 'MANAGE')
  return { page: caller.page, caller }
}

/** The post or comment that the address names, of the caller's own page. */
export function findTarget(call: Call): { target: Post | Comment; caller: PageCaller } {
  const id = call.segments[0] ?? ''
  const { world } = call.box
  const caller = pageCaller(call, 'me')
  const target = world.posts.get(id) ?? world.comments.get(id)
  if (!target || target.isDeleted || target.pageId !== caller.page.id) throw notFound(id)
  return { target, caller }
}
