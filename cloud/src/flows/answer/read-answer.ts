/** Reads what the contact centre posts to `/api/reply`, as far as a channel can be told of it. */
import type { ChannelKind } from '../../channels/channel-kind.ts'
import type { Answer, AnswerFile } from '../../channels/outward.ts'
import { members, parseGraph, readId, readText } from '../../channels/values.ts'

export interface Posted {
  uid: string | undefined
  /** Which page, when several share one account. */
  to: string | undefined
  /** For a customer of this channel, or what is missing, as a sentence. */
  answerFor(channel: ChannelKind): Answer | string
}

/** Throws UnreadableJson alone. */
export function readPosted(text: string): Posted {
  const posted = members(parseGraph(text))
  const interaction = members(posted.Interaction)
  return {
    uid: readText(posted.OpenchannelAccountUid),
    to: readId(interaction.to),
    answerFor: (channel) => readAnswer(posted, channel),
  }
}

function readAnswer(
  posted: Readonly<Record<string, unknown>>,
  { name, contact }: ChannelKind,
): Answer | string {
  const id = Number(posted.id)
  if (!Number.isSafeInteger(id) || id < 1) return 'id is not the number of an answer.'
  const person = contact.readPerson(members(posted.Contact ?? posted.contact))
  if (person === undefined)
    return `The contact has no id of ${name}: only people who have written can be answered.`
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
