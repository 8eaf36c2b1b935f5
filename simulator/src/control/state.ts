/** The whole box as those see it who look on. */
import type { Box } from '../box.ts'
import { fileUrl } from '../cdn/files.ts'
import { faceOf } from '../graph/pages.ts'
import { fullName, scopedId } from '../world/people.ts'
import type { Comment, Post, Thread } from '../world/world.ts'

const SHOWN = 100

export function stateOf(box: Box): object {
  const { world, switches, faults, clock, calls } = box
  return {
    now: clock.now(),
    aheadMs: clock.aheadMs(),
    apps: [...world.apps.values()].map(({ id, name, subscriptions, grants, redirectUris }) => ({
      id,
      name,
      redirectUris,
      callbackUrl: subscriptions.get('page')?.callbackUrl ?? null,
      grants: [...grants.values()].map(({ personId, pageIds, permissions }) => ({
        person: personId,
        pages: pageIds,
        permissions: Object.fromEntries(permissions),
      })),
    })),
    people: [...world.people.values()].map((person) => ({
      id: person.id,
      name: fullName(person),
      face: fileUrl(box, faceOf(box, fullName(person))),
      roles: Object.fromEntries(person.roles),
      blocked: person.blocked,
    })),
    pages: [...world.pages.values()].map(({ id, name, category, subscribed, instagram }) => ({
      id,
      name,
      category,
      face: fileUrl(box, faceOf(box, name)),
      isOnInstagram: instagram !== undefined,
      subscribed: Object.fromEntries(subscribed),
    })),
    threads: [...world.threads.values()].map((thread) => threadState(box, thread)),
    posts: [...world.posts.values()]
      .filter(({ isDeleted }) => !isDeleted)
      .map((post) => postState(box, post)),
    comments: [...world.comments.values()]
      .filter(({ isDeleted }) => !isDeleted)
      .map((comment) => commentState(box, comment)),
    deliveries: world.deliveries
      .slice(-SHOWN)
      .map(({ id, kind, object, entries, createdAt, nextAt, attempts, state }) => ({
        id,
        kind,
        createdAt,
        nextAt,
        attempts,
        state,
        body: { object, entry: entries },
      })),
    calls: calls.slice(-SHOWN),
    switches,
    faults: { ...faults, limited: Object.fromEntries(faults.limited) },
  }
}

function threadState(box: Box, thread: Thread): object {
  const { messages, ...rest } = thread
  return {
    ...rest,
    psid: scopedId(box.world, thread.pageId, thread.personId, thread.platform),
    messages: messages.slice(-SHOWN).map(({ reactions, attachments, story, ...message }) => ({
      ...message,
      ...(story !== undefined && { story: shown(box, story) }),
      reactions: [...reactions.values()],
      attachments: attachments.map(({ type, fileId, payload }) => ({ type, payload, ...shown(box, fileId) })),
    })),
  }
}

function postState(box: Box, { fileIds, reactions, author, ...post }: Post): object {
  return {
    ...post,
    author,
    reactions: reactions.size,
    files: fileIds.map((id) => shown(box, id)),
  }
}

function commentState(box: Box, { fileId, reactions, ...comment }: Comment): object {
  return { ...comment, reactions: reactions.size, files: fileId === undefined ? [] : [shown(box, fileId)] }
}

function shown(box: Box, fileId: string | undefined): object {
  const file = fileId === undefined ? undefined : box.world.files.get(fileId)
  return file ? { name: file.name, fileType: file.type, url: fileUrl(box, file) } : {}
}
