/** The wall of a page: posts, comments and replies, and what subscribers hear of them. */
import type { Box } from '../box.ts'
import { fileUrl } from '../cdn/files.ts'
import { emitChange } from '../deliveries/emit.ts'
import { openWindow, threadOf } from '../threads/threads.ts'
import { storyNumber } from '../world/ids.ts'
import { fromOf, scopedId } from '../world/people.ts'
import type { Author, Comment, Page, Post } from '../world/world.ts'

export interface NewPost {
  author: Author
  item?: Post['item']
  message?: string
  fileIds?: string[]
  link?: string
  isPublished?: boolean
}

export function addPost(box: Box, page: Page, given: NewPost): Post {
  const now = box.clock.now()
  const { author, message = '', fileIds = [], link, isPublished = true } = given
  const isVisitor = author.kind === 'person'
  const post: Post = {
    id: `${page.id}_${storyNumber()}`,
    pageId: page.id,
    author,
    item: given.item ?? (isVisitor ? 'post' : itemOf(box, fileIds)),
    message,
    fileIds,
    ...(link !== undefined && { link }),
    createdAt: now,
    updatedAt: now,
    isPublished,
    isHidden: false,
    isDeleted: false,
    hasPrivateReply: false,
    reactions: new Map(),
  }
  box.world.posts.set(post.id, post)
  if (isVisitor) opensWindow(box, page, author)
  emitPost(box, page, post, 'add')
  box.changed()
  return post
}

function itemOf(box: Box, fileIds: readonly string[]): Post['item'] {
  const first = box.world.files.get(fileIds[0] ?? '')
  if (fileIds.length !== 1 || !first) return 'status'
  return first.type.startsWith('video/') ? 'video' : 'photo'
}

export function editPost(box: Box, page: Page, post: Post, message: string): void {
  post.message = message
  post.updatedAt = box.clock.now()
  emitPost(box, page, post, post.item === 'post' ? 'edit' : 'edited')
  box.changed()
}

export function hidePost(box: Box, page: Page, post: Post, isHidden: boolean): void {
  post.isHidden = isHidden
  emitPost(box, page, post, isHidden ? 'hide' : 'unhide')
  box.changed()
}

export function removePost(box: Box, page: Page, post: Post): void {
  post.isDeleted = true
  emitChange(box, page, 'feed', {
    from: writtenFrom(box, page, post.author),
    post_id: post.id,
    created_time: seconds(box.clock.now()),
    item: 'post',
    recipient_id: page.id,
    verb: 'remove',
  })
  box.changed()
}

function emitPost(box: Box, page: Page, post: Post, verb: string): void {
  const urls = post.fileIds.flatMap((id) => {
    const file = box.world.files.get(id)
    return file ? [fileUrl(box, file)] : []
  })
  const isVisitor = post.author.kind === 'person'
  emitChange(box, page, 'feed', {
    from: writtenFrom(box, page, post.author),
    ...(post.message !== '' && { message: post.message }),
    post_id: post.id,
    ...(post.item === 'photo' && { photo_id: post.id.split('_')[1] }),
    ...(post.item === 'video' && { video_id: post.id.split('_')[1] }),
    ...(urls.length === 1 || post.link !== undefined ? { link: post.link ?? urls[0] } : {}),
    ...(urls.length > 1 && { photos: urls }),
    created_time: seconds(post.createdAt),
    ...(verb !== 'add' && { edited_time: seconds(post.updatedAt) }),
    item: post.item,
    ...(isVisitor
      ? { is_hidden: post.isHidden, recipient_id: page.id }
      : { published: post.isPublished ? 1 : 0 }),
    verb,
  })
}

export interface NewComment {
  author: Author
  message?: string
  fileId?: string | undefined
}

/** On a post, or as a reply to a comment. */
export function addComment(box: Box, page: Page, parent: Post | Comment, given: NewComment): Comment {
  const post = 'postId' in parent ? box.world.posts.get(parent.postId) : parent
  if (!post) throw new Error(`the comment ${parent.id} has no post`)
  const comment: Comment = {
    id: `${post.id.split('_')[1]}_${storyNumber()}`,
    postId: post.id,
    parentId: parent.id,
    pageId: page.id,
    author: given.author,
    message: given.message ?? '',
    ...(given.fileId !== undefined && { fileId: given.fileId }),
    createdAt: box.clock.now(),
    isHidden: false,
    isDeleted: false,
    hasPrivateReply: false,
    reactions: new Map(),
  }
  box.world.comments.set(comment.id, comment)
  post.updatedAt = comment.createdAt
  if (given.author.kind === 'person') opensWindow(box, page, given.author)
  emitComment(box, page, comment, 'add')
  box.changed()
  return comment
}

export function editComment(box: Box, page: Page, comment: Comment, given: Omit<NewComment, 'author'>): void {
  comment.message = given.message ?? ''
  // What is not said again is gone.
  if (given.fileId === undefined) delete comment.fileId
  else comment.fileId = given.fileId
  emitComment(box, page, comment, 'edited')
  box.changed()
}

export function hideComment(box: Box, page: Page, comment: Comment, isHidden: boolean): void {
  comment.isHidden = isHidden
  emitComment(box, page, comment, isHidden ? 'hide' : 'unhide', { kind: 'page', id: page.id })
  box.changed()
}

export function removeComment(box: Box, page: Page, comment: Comment): void {
  comment.isDeleted = true
  const { name: _, ...from } = fromOf(box.world, page.id, comment.author)
  emitChange(box, page, 'feed', {
    from,
    post_id: comment.postId,
    comment_id: comment.id,
    parent_id: comment.parentId,
    created_time: seconds(comment.createdAt),
    item: 'comment',
    verb: 'remove',
  })
  box.changed()
}

function emitComment(box: Box, page: Page, comment: Comment, verb: string, by = comment.author): void {
  const post = box.world.posts.get(comment.postId)
  if (!post) return
  const file = comment.fileId === undefined ? undefined : box.world.files.get(comment.fileId)
  emitChange(box, page, 'feed', {
    from: writtenFrom(box, page, by),
    post: {
      status_type: statusType(post),
      is_published: post.isPublished,
      updated_time: `${new Date(post.updatedAt).toISOString().slice(0, 19)}+0000`,
      permalink_url: permalink(box, post),
      promotion_status: 'inactive',
      id: post.id,
    },
    ...(comment.message !== '' && { message: comment.message }),
    ...(file && { [file.type.startsWith('video/') ? 'video' : 'photo']: fileUrl(box, file) }),
    post_id: post.id,
    comment_id: comment.id,
    created_time: seconds(comment.createdAt),
    item: 'comment',
    parent_id: comment.parentId,
    verb,
  })
}

/** On a post or a comment; without a kind it is taken back. */
export function reactOnWall(
  box: Box,
  page: Page,
  target: Post | Comment,
  author: Author,
  kind: string | undefined,
): void {
  const id = author.kind === 'page' ? page.id : scopedId(box.world, page.id, author.id)
  const was = target.reactions.get(id)
  if (kind === undefined) target.reactions.delete(id)
  else target.reactions.set(id, kind)
  const isComment = 'postId' in target
  emitChange(box, page, 'feed', {
    from: writtenFrom(box, page, author),
    post_id: isComment ? target.postId : target.id,
    ...(isComment && { comment_id: target.id }),
    created_time: seconds(box.clock.now()),
    item: 'reaction',
    parent_id: target.id,
    reaction_type: kind ?? was ?? 'like',
    verb: kind === undefined ? 'remove' : was === undefined ? 'add' : 'edit',
  })
  box.changed()
}

/** The comment at the top of the one given: Facebook shows two levels. */
export function rootOf(box: Box, comment: Comment): Comment {
  const parent = box.world.comments.get(comment.parentId)
  return parent ? rootOf(box, parent) : comment
}

export const permalink = (box: Box, post: Post): string =>
  `${box.origin}/#wall/${post.pageId}/${post.id.split('_')[1]}`

export function statusType({ item, author }: Post): string {
  if (author.kind === 'person') return 'wall_post'
  return (
    { photo: 'added_photos', video: 'added_video', share: 'shared_story' }[item as string] ??
    'mobile_status_update'
  )
}

function writtenFrom(box: Box, page: Page, author: Author): object {
  const { id, name } = fromOf(box.world, page.id, author)
  return box.switches.hasFromName ? { id, name } : { id }
}

function opensWindow(box: Box, page: Page, author: Author): void {
  const person = box.world.people.get(author.id)
  if (person) openWindow(box, threadOf(box, { page, person, platform: 'messenger' }))
}

const seconds = (ms: number): number => Math.floor(ms / 1000)
