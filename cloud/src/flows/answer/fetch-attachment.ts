/** Fetches the file of an answer from the contact centre: by its signed address, or with the key where that has expired or leads nowhere. */

import { DoorError } from '@patchbay/kit/door-error.ts'
import { type AnswerFile, Unsendable } from '../../channels/outward.ts'
import { FILE_BYTES } from '../../files/copies.ts'
import type { FormFile } from '../../forms/multipart.ts'
import { GraphError } from '../../graph/graph-error.ts'
import { join, say, sayDoor } from '../../texts/say.ts'
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
  let problem = say('file-not-had')
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
      if (answer.truncated) throw new Unsendable(say('file-too-large', { channel: bound.channel.name }))
      if (answer.status === 200) return { name: file.name, type: file.type, bytes: answer.body }
      problem = say('centre-answered', { host: hostOf(way.url), status: answer.status })
      isFinal &&= answer.status < 500 && answer.status !== 429
    } catch (error) {
      if (!(error instanceof DoorError)) throw error
      problem = sayDoor(error, hostOf(way.url))
      isFinal &&= !error.retryable
    }
  }
  const words = join(say('file-not-had'), problem)
  if (isFinal) throw new Unsendable(words)
  throw new GraphError({ code: null, subcode: null, status: 503, words })
}

/** The address is what an account says; it may be none. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url.slice(0, 100)
}
