/** Reads what the contact centre posts to `/api/reply`, as far as Facebook can be told of it. */
import { members, parseGraph, readId, readText } from '../../channels/values.ts'

export interface AnswerFile {
  id: string
  name: string
  type: string
  /** Signed, for a day. */
  url: string
}

export interface Answer {
  /** As the contact centre numbers it. */
  id: number
  body: string
  file: AnswerFile | null
  person: string
  /** The post; null: Messenger. */
  threadId: string | null
  /** A person wrote it, not a program. */
  isPerson: boolean
}

export interface Posted {
  uid: string | undefined
  /** Which page, when several share one account. */
  to: string | undefined
  /** Or what is missing, as a sentence. */
  answer: Answer | string
}

/** Throws UnreadableJson alone. */
export function readPosted(text: string): Posted {
  const posted = members(parseGraph(text))
  const interaction = members(posted.Interaction)
  return {
    uid: readText(posted.OpenchannelAccountUid),
    to: readId(interaction.to),
    answer: readAnswer(posted),
  }
}

function readAnswer(posted: Readonly<Record<string, unknown>>): Answer | string {
  const id = Number(posted.id)
  if (!Number.isSafeInteger(id) || id < 1) return 'id is not the number of an answer.'
  const contact = members(posted.Contact ?? posted.contact)
  const person = readId(contact.facebook)
  if (person === undefined)
    return 'The contact has no Facebook id: only people who have written can be answered.'
  const file = posted.AttachmentId === undefined || posted.AttachmentId === null ? null : readFile(posted)
  if (typeof file === 'string') return file
  const body = readText(posted.body) ?? ''
  if (file === null && body.trim() === '') return 'The answer has neither text nor file.'
  return {
    id,
    body,
    file,
    person,
    threadId: readId(members(posted.Interaction).threadId) ?? null,
    isPerson: readId(members(posted.agent).id) !== undefined,
  }
}

function readFile(posted: Readonly<Record<string, unknown>>): AnswerFile | string {
  const { name, type, url } = members(posted.attachment)
  const id = readId(posted.AttachmentId)
  const address = readText(url)
  if (id === undefined || address === undefined) return 'The file of the answer has no address.'
  return {
    id,
    name: readText(name) ?? 'file',
    type: readText(type) ?? 'application/octet-stream',
    url: address,
  }
}
