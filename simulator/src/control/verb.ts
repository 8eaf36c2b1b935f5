/** A verb of the control interface: what it wants, and what it does. */
import type { Static, TObject } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Box } from '../box.ts'
import { threadOf } from '../threads/threads.ts'
import type { Comment, Message, Page, Person, Platform, Post, Thread } from '../world/world.ts'

/** The caller's mistake, as a sentence. */
export class ControlError extends Error {
  override name = 'ControlError'
}

export interface Verb {
  schema: TObject
  run(box: Box, input: unknown): unknown
}

export function verb<T extends TObject>(schema: T, act: (box: Box, input: Static<T>) => unknown): Verb {
  const check = Compile(schema)
  return {
    schema,
    run(box, input) {
      const given = input ?? {}
      if (!check.Check(given)) {
        const [first] = check.Errors(given)
        throw new ControlError(`${first?.instancePath || 'The body'} ${first?.message ?? 'does not fit'}.`)
      }
      return act(box, given as Static<T>)
    },
  }
}

export function findPerson(box: Box, id: string): Person {
  return box.world.people.get(id) ?? missing('person', id)
}

export function findPage(box: Box, id: string): Page {
  return box.world.pages.get(id) ?? missing('page', id)
}

export function findThread(box: Box, given: { person: string; page: string; platform?: Platform }): Thread {
  const page = findPage(box, given.page)
  const platform = given.platform ?? 'messenger'
  if (platform === 'instagram' && !page.instagram) throw new ControlError(`${page.name} is not on Instagram.`)
  return threadOf(box, { person: findPerson(box, given.person), page, platform })
}

export function messageOf(thread: Thread, mid: string): Message {
  return thread.messages.find((message) => message.mid === mid) ?? missing('message', mid)
}

/** A post or a comment. */
export function findStory(box: Box, id: string): Post | Comment {
  const story = box.world.posts.get(id) ?? box.world.comments.get(id)
  return story && !story.isDeleted ? story : missing('post or comment', id)
}

export function missing(what: string, id: string): never {
  throw new ControlError(`There is no ${what} ${id}.`)
}
