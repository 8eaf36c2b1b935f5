/** An answer on the wall: comments below what the person wrote, with pictures and films as they are. */

import { NotInPublic, type Outward, type Part, Unsendable } from '../channels/outward.ts'
import { inUnits, splitText } from '../channels/split-text.ts'
import { list, members, readId, readText, readTime } from '../channels/values.ts'
import { type FormFile, multipart } from '../forms/multipart.ts'
import { say } from '../texts/say.ts'

const limit = { size: 7900, measure: inUnits }
const UPLOAD_WITHIN_MS = 60_000
const CLOCKS_MS = 60_000
const LOOKED_THROUGH = 50

export async function commentParts(outward: Outward): Promise<Part[]> {
  const { answer } = outward
  if (answer.threadId === null) throw new Unsendable(say('no-post'))
  const target = (await outward.placeOf()) ?? answer.threadId
  if (answer.file && /^(image|video)\//.test(answer.file.type))
    return [toPart(outward, target, undefined, await outward.fetchFile(answer.file))]
  // An address in a public comment would open the file to everybody.
  if (answer.file) throw new NotInPublic(say('only-pictures', { channel: 'Facebook' }))
  return splitText(answer.body, limit).map((message) => toPart(outward, target, message))
}

function toPart(
  { graph, pageId, token, isSent, noteUsage }: Outward,
  target: string,
  message: string | undefined,
  file?: FormFile,
): Part {
  return {
    text: message ?? null,
    async send() {
      const { body, usage } = await graph.call<{ id?: unknown }>('POST', {
        path: `${target}/comments`,
        token,
        body: file ? multipart({}, 'source', file) : { message },
        ...(file && { timeoutMs: UPLOAD_WITHIN_MS }),
      })
      await noteUsage(usage)
      return readId(body.id) ?? `${target}:unnamed:${Date.now()}`
    },
    /** Nothing keeps a public comment from standing there twice but looking. */
    async find(askedAt) {
      const { data } = await graph.get<{ data?: unknown }>(`${target}/comments`, token, {
        filter: 'stream',
        order: 'reverse_chronological',
        fields: 'id,from,message,created_time,attachment',
        limit: String(LOOKED_THROUGH),
      })
      for (const one of list(data)) {
        const comment = members(one)
        const id = readId(comment.id)
        const at = readTime(comment.created_time)
        if (id === undefined || at === undefined || at.getTime() < askedAt.getTime() - CLOCKS_MS) continue
        if (readId(members(comment.from).id) !== pageId) continue
        const isSame =
          message === undefined
            ? comment.attachment !== undefined
            : readText(comment.message)?.trim() === message
        if (isSame && !(await isSent(id))) return id
      }
      return undefined
    },
  }
}
