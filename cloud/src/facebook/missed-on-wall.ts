/** What no webhook told of the wall: posts and comments that are new, and what became of those that were told. */

import type { Asking, Missed, Told } from '../channels/missed.ts'
import { list, type Members, members, readId, readText } from '../channels/values.ts'
import { isBefore } from '../messaging/missed-messages.ts'
import { say } from '../texts/say.ts'
import { commentFields, feedFields, NEWEST_COMMENTS, readFeedEntries } from './feed-entries.ts'
import { readChanges } from './wall-changes.ts'

const DAY_MS = 24 * 3_600_000
/** Older posts are commented on, too. */
const POSTS_OF_MS = 30 * DAY_MS
const MOST_POSTS = 500
const MOST_COMMENTS = 1000
const MOST_CHANGES = 200

export async function readMissedOnWall(asking: Asking): Promise<Missed> {
  const { graph, pageId, nodeId, token, since } = asking
  // Before the wall is read: what is told meanwhile cannot look like a change back to what was.
  const told = await asking.toldInPublic(MOST_CHANGES + 1)
  const back = new Date(since.getTime() - POSTS_OF_MS)
  const { rows, isWhole } = await graph.walk<unknown>(
    `${nodeId}/feed`,
    token,
    { fields: feedFields, limit: '50' },
    { most: MOST_POSTS, isMet: (row) => isBefore(members(row).created_time, back) },
  )
  const gaps = isWhole ? [] : [say('gap-posts', { most: MOST_POSTS })]
  const posts: Members[] = []
  for (const row of rows) {
    const { comments, isWhole: hasAll } = await readComments(asking, members(row))
    posts.push({ ...members(row), comments: { data: comments } })
    if (!hasAll) gaps.push(say('gap-comments', { most: MOST_COMMENTS }))
  }
  if (told.length > MOST_CHANGES) gaps.push(say('gap-changes', { most: MOST_CHANGES }))
  const found = await readChanges(asking, told.slice(0, MOST_CHANGES), textsOf(posts, told))
  // What a permission hides looks as if it were gone.
  const isSure = found.every(({ type }) => type !== 'deleted') || (await asking.maySee())
  if (!isSure) gaps.push(say('gap-removals'))
  const changes = isSure ? found : found.filter(({ type }) => type !== 'deleted')
  return { events: [...readFeedEntries(pageId, posts, since), ...changes], gaps }
}

async function readComments(
  { graph, token, since }: Asking,
  post: Members,
): Promise<{ comments: readonly unknown[]; isWhole: boolean }> {
  const { data, paging } = members(post.comments)
  const newest = list(data)
  const id = readId(post.id)
  const isEnough =
    newest.length < NEWEST_COMMENTS || newest.some((row) => isBefore(members(row).created_time, since))
  if (isEnough || id === undefined) return { comments: newest, isWhole: true }
  const { rows, isWhole } = await graph.walk<unknown>(
    `${id}/comments`,
    token,
    { filter: 'stream', order: 'reverse_chronological', fields: commentFields, limit: '100' },
    {
      most: MOST_COMMENTS,
      isMet: (row) => isBefore(members(row).created_time, since),
      after: readId(members(members(paging).cursors).after),
    },
  )
  return { comments: [...newest, ...rows], isWhole }
}

/** By id, of what was told and has been read here. */
function textsOf(posts: readonly Members[], told: readonly Told[]): Map<string, string | undefined> {
  const ids = new Set(told.map(({ id }) => id))
  const all = posts.flatMap((post) => [post, ...list(members(post.comments).data).map(members)])
  return new Map(
    all.flatMap(({ id, message }) => {
      const known = readId(id)
      return known !== undefined && ids.has(known) ? [[known, readText(message)] as const] : []
    }),
  )
}
