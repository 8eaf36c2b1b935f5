/** What the page's admin does on Facebook itself, past every app. */
import { Type } from 'typebox'
import { addAttachment, giveThread, pageWrites } from '../threads/threads.ts'
import { addComment, addPost, hideComment, hidePost } from '../wall/wall.ts'
import { File, keepFile } from './customer.ts'
import { findPage, findStory, findThread, type Verb, verb } from './verb.ts'

const Id = Type.String({ minLength: 1 })
const Text = Type.String({ maxLength: 60_000 })

export const adminVerbs: Readonly<Record<string, Verb>> = {
  'admin/answer': verb(
    Type.Object({
      person: Id,
      page: Id,
      platform: Type.Optional(Type.Union([Type.Literal('messenger'), Type.Literal('instagram')])),
      text: Type.Optional(Text),
      file: Type.Optional(File),
    }),
    (box, { text, file, ...who }) => {
      const attachments = file
        ? [
            addAttachment(/^(image|audio|video)\//.exec(file.type)?.[1] ?? 'file', {
              fileId: keepFile(box, file).id,
            }),
          ]
        : []
      return { mid: pageWrites(box, findThread(box, who), { text, attachments }).mid }
    },
  ),
  'admin/post': verb(
    Type.Object({
      page: Id,
      text: Type.Optional(Text),
      files: Type.Optional(Type.Array(File)),
      isPublished: Type.Optional(Type.Boolean()),
    }),
    (box, { page, text, files = [], isPublished = true }) => {
      const { id } = addPost(box, findPage(box, page), {
        author: { kind: 'page', id: page },
        ...(text !== undefined && { message: text }),
        fileIds: files.map((file) => keepFile(box, file).id),
        isPublished,
      })
      return { id }
    },
  ),
  'admin/comment': verb(
    Type.Object({ on: Id, text: Type.Optional(Text), file: Type.Optional(File) }),
    (box, { on, text, file }) => {
      const story = findStory(box, on)
      const { id } = addComment(box, findPage(box, story.pageId), story, {
        author: { kind: 'page', id: story.pageId },
        ...(text !== undefined && { message: text }),
        fileId: file && keepFile(box, file).id,
      })
      return { id }
    },
  ),
  'admin/hide': verb(Type.Object({ id: Id, isHidden: Type.Boolean() }), (box, { id, isHidden }) => {
    const story = findStory(box, id)
    const page = findPage(box, story.pageId)
    if ('postId' in story) hideComment(box, page, story, isHidden)
    else hidePost(box, page, story, isHidden)
  }),
  'admin/take-thread': verb(
    Type.Object({ person: Id, page: Id, app: Type.Optional(Id) }),
    (box, { app, ...who }) => giveThread(box, findThread(box, who), app),
  ),
}
