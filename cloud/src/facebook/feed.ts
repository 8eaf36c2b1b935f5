/** Reads one change of a page's wall: posts and comments of visitors, what they edit and remove; never what the page writes itself. */
import { sha256 } from '@patchbay/kit/crypto.ts'
import type { ChannelEvent, FileLink } from '../channels/channel-event.ts'
import type { Where } from '../channels/channel-kind.ts'
import { list, type Members, members, readId, readText, readTime } from '../channels/values.ts'

const posts = new Set(['post', 'status', 'photo', 'video', 'share', 'link'])
const edits = new Set(['edited', 'edit', 'update'])
const removals = new Set(['remove', 'delete'])

/** Undefined: nothing that anybody is told. */
export function readFeed(where: Where, value: unknown): ChannelEvent | undefined {
  const change = members(value)
  const item = readText(change.item)
  const verb = readText(change.verb)
  const isComment = item === 'comment'
  if (verb === undefined || item === undefined || !(isComment || posts.has(item))) return undefined
  const postId = readId(change.post_id)
  const messageId = isComment ? readId(change.comment_id) : postId
  if (postId === undefined || messageId === undefined) return undefined

  const from = members(change.from)
  const person = readId(from.id) ?? readId(change.sender_id)
  const at = readTime(change.edited_time) ?? readTime(change.created_time) ?? where.at
  const about = {
    pageId: where.pageId,
    conversation: `w:${postId}`,
    threadId: postId,
    at: at.toISOString(),
    messageId,
  }
  const isOurs = person === where.pageId
  if (removals.has(verb))
    return {
      ...about,
      person: isOurs ? null : (person ?? null),
      key: `removed:${messageId}`,
      type: 'deleted',
    }
  if (isOurs || person === undefined) return undefined
  if (edits.has(verb)) {
    // A post that comes without its text was moved or trashed; what it says did not change.
    if (!isComment && readText(change.message) === undefined) return undefined
    const body = describe(change, item)
    const key = `edited:${messageId}:${sha256(body).toString('hex').slice(0, 32)}:${at.getTime()}`
    return { ...about, person, key, type: 'edited', body }
  }
  if (verb !== 'add' || isUnpublished(change)) return undefined
  const personName = readText(from.name) ?? readText(change.sender_name)
  const parentId = readId(change.parent_id)
  const root = parentId === undefined || isSameObject(parentId, postId) ? messageId : parentId
  return {
    ...about,
    person,
    key: `${isComment ? 'comment' : 'post'}:${messageId}`,
    type: 'message',
    body: describe(change, item),
    files: filesOf(change),
    ...(readText(change.message) === undefined && { isWordless: true as const }),
    externalUrl: readText(members(change.post).permalink_url) ?? `https://www.facebook.com/${postId}`,
    ...(personName === undefined ? {} : { personName }),
    ...(isComment ? { answerTo: root } : {}),
  }
}

/** A post stands as `page_post`, and in some events as `post` alone. */
function isSameObject(a: string, b: string): boolean {
  return a === b || b.endsWith(`_${a}`) || a.endsWith(`_${b}`)
}

function isUnpublished({ published }: Members): boolean {
  return published === 0 || published === false || published === '0'
}

/** Pictures and films, which most integrations leave at Facebook. */
function filesOf(change: Members): FileLink[] {
  const pictures = [change.photo, ...list(change.photos)].map((url) => ({ url, kind: 'image' }))
  const found = [...pictures, { url: change.video, kind: 'video' }].flatMap(({ url, kind }) => {
    const text = readText(url)
    return text !== undefined && /^https?:/i.test(text) ? [{ url: text, kind }] : []
  })
  return found.filter(({ url }, place) => found.findIndex((one) => one.url === url) === place)
}

/** Where files of visitors stay at Facebook, the link to the post leads there. */
function describe(change: Members, item: string): string {
  const text = readText(change.message)
  if (text !== undefined) return text
  if (readText(change.video) ?? (item === 'video' || undefined)) return '(video, to be seen on Facebook)'
  if (readText(change.photo) ?? (item === 'photo' || list(change.photos).length > 0 || undefined))
    return '(photo, to be seen on Facebook)'
  return readText(change.link) ?? '(to be seen on Facebook)'
}
