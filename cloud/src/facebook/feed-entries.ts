/** Reads posts and comments as a page's feed lists them into the events that their webhooks would have been. */
import type { ChannelEvent } from '../channels/channel-event.ts'
import { list, type Members, members, readText, readTime } from '../channels/values.ts'
import { readFeed } from './feed.ts'

/** Of each post with the post itself. */
export const NEWEST_COMMENTS = 50
export const commentFields = 'id,from,message,created_time,parent{id}'
export const feedFields = `id,message,from,created_time,permalink_url,is_published,comments.filter(stream).order(reverse_chronological).limit(${NEWEST_COMMENTS}){${commentFields}}`

export function readFeedEntries(pageId: string, posts: readonly unknown[], since: Date): ChannelEvent[] {
  return posts
    .map(members)
    .flatMap((post) => [
      read(pageId, post, { item: 'post', published: post.is_published === false ? 0 : 1 }),
      ...list(members(post.comments).data)
        .map(members)
        .map((comment) =>
          read(pageId, comment, {
            item: 'comment',
            comment_id: comment.id,
            parent_id: members(comment.parent).id ?? post.id,
            post_id: post.id,
            post: { permalink_url: readText(post.permalink_url) },
          }),
        ),
    ])
    .flatMap((event) => event ?? [])
    .filter(({ at }) => new Date(at) >= since)
}

function read(pageId: string, entry: Members, change: object): ChannelEvent | undefined {
  const { id, from, message, created_time } = entry
  const at = readTime(created_time)
  if (at === undefined) return undefined
  const post = { permalink_url: readText(entry.permalink_url) }
  return readFeed({ pageId, at }, { verb: 'add', post_id: id, post, from, message, created_time, ...change })
}
