/** What a customer does: in Messenger and on the wall. */
import { Type } from 'typebox'
import type { Box } from '../box.ts'
import { storeFile } from '../cdn/files.ts'
import { drawPicture } from '../cdn/picture.ts'
import {
  addAttachment,
  personEdits,
  personReacts,
  personReads,
  personTaps,
  personUnsends,
  personWrites,
} from '../threads/threads.ts'
import {
  addComment,
  addPost,
  editComment,
  editPost,
  reactOnWall,
  removeComment,
  removePost,
} from '../wall/wall.ts'
import { scopedId } from '../world/people.ts'
import {
  ControlError,
  findPage,
  findPerson,
  findStory,
  findThread,
  messageOf,
  type Verb,
  verb,
} from './verb.ts'

const Id = Type.String({ minLength: 1 })
const Text = Type.String({ maxLength: 60_000 })
const Platform = Type.Optional(Type.Union([Type.Literal('messenger'), Type.Literal('instagram')]))
const sides = { person: Id, page: Id, platform: Platform }
const onInstagram = { person: Id, page: Id }
/** A file in base64, or the name of a picture to be drawn. */
export const File = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  type: Type.String({ minLength: 3, maxLength: 100 }),
  base64: Type.Optional(Type.String()),
})

const PICTURE_PIXELS = 480

export function keepFile(box: Box, { name, type, base64 }: { name: string; type: string; base64?: string }) {
  const bytes = base64 === undefined ? drawPicture(name, PICTURE_PIXELS) : Buffer.from(base64, 'base64')
  return storeFile(box, { name, type, bytes })
}

const kindOf = (type: string): string => /^(image|audio|video)\//.exec(type)?.[1] ?? 'file'

const thumbs = { sticker_id: 369239263222822 }

export const customerVerbs: Readonly<Record<string, Verb>> = {
  'customer/write': verb(
    Type.Object({ ...sides, text: Text, replyTo: Type.Optional(Id), extra: Type.Optional(Type.Object({})) }),
    (box, { text, replyTo, extra, ...who }) => {
      const thread = findThread(box, who)
      const message = personWrites(box, thread, { text, replyTo }, extra)
      return { mid: message.mid, psid: scopedId(box.world, thread.pageId, thread.personId, thread.platform) }
    },
  ),
  'customer/send-file': verb(
    Type.Object({
      ...sides,
      files: Type.Array(File, { minItems: 1, maxItems: 30 }),
      text: Type.Optional(Text),
    }),
    (box, { files, text, ...who }) => {
      const thread = findThread(box, who)
      const attachments = files.map((file) =>
        addAttachment(kindOf(file.type), { fileId: keepFile(box, file).id }),
      )
      return { mid: personWrites(box, thread, { text, attachments }).mid }
    },
  ),
  'customer/send-sticker': verb(Type.Object(sides), (box, who) => {
    const fileId = keepFile(box, { name: 'sticker.png', type: 'image/png' }).id
    const attachments = [addAttachment('sticker', { fileId, payload: thumbs })]
    return { mid: personWrites(box, findThread(box, who), { attachments }).mid }
  }),
  'customer/send-attachment': verb(
    Type.Object({
      ...sides,
      type: Type.String(),
      payload: Type.Optional(Type.Object({})),
      text: Type.Optional(Text),
    }),
    (box, { type, payload, text, ...who }) => {
      const attachments = [addAttachment(type, { ...(payload && { payload: { ...payload } }) })]
      return { mid: personWrites(box, findThread(box, who), { text, attachments }).mid }
    },
  ),
  'customer/mention-in-story': verb(Type.Object(onInstagram), (box, who) => {
    const { id: fileId } = keepFile(box, { name: 'story.png', type: 'image/png' })
    const attachments = [addAttachment('story_mention', { fileId })]
    return { mid: personWrites(box, findThread(box, { ...who, platform: 'instagram' }), { attachments }).mid }
  }),
  'customer/answer-story': verb(Type.Object({ ...onInstagram, text: Text }), (box, { text, ...who }) => {
    const { id: story } = keepFile(box, { name: 'story.png', type: 'image/png' })
    return { mid: personWrites(box, findThread(box, { ...who, platform: 'instagram' }), { text, story }).mid }
  }),
  'customer/react': verb(
    Type.Object({ ...sides, mid: Id, emoji: Type.Optional(Type.String()) }),
    (box, { mid, emoji, ...who }) => {
      const thread = findThread(box, who)
      personReacts(box, thread, messageOf(thread, mid), emoji)
    },
  ),
  'customer/edit': verb(Type.Object({ ...sides, mid: Id, text: Text }), (box, { mid, text, ...who }) => {
    const thread = findThread(box, who)
    const message = messageOf(thread, mid)
    if (message.isFromPage) throw new ControlError('That message is the page’s.')
    if (message.edits >= 5) throw new ControlError('A message can be edited five times.')
    personEdits(box, thread, message, text)
  }),
  'customer/unsend': verb(Type.Object({ ...sides, mid: Id }), (box, { mid, ...who }) => {
    const thread = findThread(box, who)
    const message = messageOf(thread, mid)
    if (message.isFromPage) throw new ControlError('That message is the page’s.')
    personUnsends(box, thread, message)
  }),
  'customer/read': verb(Type.Object(sides), (box, who) => personReads(box, findThread(box, who))),
  'customer/tap': verb(
    Type.Object({ ...sides, title: Text, payload: Text }),
    (box, { title, payload, ...who }) => personTaps(box, findThread(box, who), title, payload),
  ),
  'customer/post': verb(
    Type.Object({ person: Id, page: Id, text: Type.Optional(Text), files: Type.Optional(Type.Array(File)) }),
    (box, { person, page: pageId, text, files = [] }) => {
      const page = findPage(box, pageId)
      if (!page.canVisitorsPost) throw new ControlError(`Visitors may not post to ${page.name}.`)
      const { id } = addPost(box, page, {
        author: { kind: 'person', id: findPerson(box, person).id },
        ...(text !== undefined && { message: text }),
        fileIds: files.map((file) => keepFile(box, file).id),
      })
      return { id }
    },
  ),
  'customer/comment': verb(
    Type.Object({ person: Id, on: Id, text: Type.Optional(Text), file: Type.Optional(File) }),
    (box, { person, on, text, file }) => {
      const story = findStory(box, on)
      const { id } = addComment(box, findPage(box, story.pageId), story, {
        author: { kind: 'person', id: findPerson(box, person).id },
        ...(text !== undefined && { message: text }),
        fileId: file && keepFile(box, file).id,
      })
      return { id }
    },
  ),
  'customer/edit-story': verb(Type.Object({ id: Id, text: Text }), (box, { id, text }) => {
    const story = findStory(box, id)
    const page = findPage(box, story.pageId)
    if ('postId' in story) editComment(box, page, story, { message: text, fileId: story.fileId })
    else editPost(box, page, story, text)
  }),
  'customer/delete-story': verb(Type.Object({ id: Id }), (box, { id }) => {
    const story = findStory(box, id)
    const page = findPage(box, story.pageId)
    if ('postId' in story) removeComment(box, page, story)
    else removePost(box, page, story)
  }),
  'customer/react-story': verb(
    Type.Object({ person: Id, id: Id, kind: Type.Optional(Type.String()) }),
    (box, { person, id, kind }) => {
      const story = findStory(box, id)
      const author = { kind: 'person', id: findPerson(box, person).id } as const
      reactOnWall(box, findPage(box, story.pageId), story, author, kind)
    },
  ),
}
