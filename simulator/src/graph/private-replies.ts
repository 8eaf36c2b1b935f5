/** Answering a comment or a visitor's post in Messenger: once, within seven days. */
import type { Box } from '../box.ts'
import { threadOf } from '../threads/threads.ts'
import type { Comment, Post, Thread } from '../world/world.ts'
import type { PageCaller } from './call.ts'
import { graphError, notFound } from './errors.ts'

const WITHIN_MS = 7 * 86_400_000

export interface PrivateReply {
  thread: Thread
  done(): void
}

/** Undefined when the recipient is a person. */
export function privateReplyTarget(
  box: Box,
  { page }: PageCaller,
  recipient: Record<string, unknown>,
): PrivateReply | undefined {
  const id = recipient.comment_id ?? recipient.post_id
  if (id === undefined) return undefined
  const target: Comment | Post | undefined =
    recipient.comment_id === undefined ? box.world.posts.get(String(id)) : box.world.comments.get(String(id))
  if (!target || target.isDeleted || target.pageId !== page.id) throw notFound(String(id))
  if (target.hasPrivateReply) throw graphError('alreadyReplied')
  const person = target.author.kind === 'person' ? box.world.people.get(target.author.id) : undefined
  if (!person || box.clock.now() - target.createdAt > WITHIN_MS) throw graphError('cannotReply')
  return {
    thread: threadOf(box, { page, person, platform: 'messenger' }),
    done() {
      target.hasPrivateReply = true
    },
  }
}

export function canReplyPrivately(box: Box, target: Comment | Post): boolean {
  const isRecent = box.clock.now() - target.createdAt <= WITHIN_MS
  return target.author.kind === 'person' && !target.hasPrivateReply && isRecent
}
