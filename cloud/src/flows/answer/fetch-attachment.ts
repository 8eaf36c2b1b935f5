/** Fetches the file of an answer from the contact centre: by its signed address, or with the key where that has expired or leads nowhere. */
import { DoorError } from '@patchbay/kit/door-error.ts'
import { type AnswerFile, Unsendable } from '../../channels/outward.ts'
import { FILE_BYTES } from '../../files/copies.ts'
import type { FormFile } from '../../forms/multipart.ts'
import { GraphError } from '../../graph/graph-error.ts'
import type { Bound } from '../bound.ts'
import type { FlowContext } from '../flow-context.ts'

const WITHIN_MS = 60_000

export async function fetchAttachment(
  { door }: FlowContext,
  bound: Bound,
  file: AnswerFile,
): Promise<FormFile> {
  const ways = [
    { url: file.url, headers: {} },
    {
      url: `${new URL(bound.receiveUrl).origin}/api/attachments/${file.id}/download`,
      headers: { authorization: `Bearer ${bound.apiKey}` },
    },
  ]
  let problem = ''
  let isFinal = true
  for (const way of ways) {
    try {
      const answer = await door.request({
        method: 'GET',
        ...way,
        timeoutMs: WITHIN_MS,
        maxResponseBytes: FILE_BYTES,
        repeatable: true,
      })
      if (answer.truncated)
        throw new Unsendable(`The file is larger than ${bound.channel.name} takes (25 MB).`)
      if (answer.status === 200) return { name: file.name, type: file.type, bytes: answer.body }
      problem = `it was answered with ${answer.status}`
      isFinal &&= answer.status < 500 && answer.status !== 429
    } catch (error) {
      if (!(error instanceof DoorError)) throw error
      problem = error.message
      isFinal &&= !error.retryable
    }
  }
  const words = `The file could not be fetched from the contact centre: ${problem}.`
  if (isFinal) throw new Unsendable(words)
  throw new GraphError({ kind: 'transient', code: null, subcode: null, status: 503, words })
}
