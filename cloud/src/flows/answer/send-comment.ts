/** An answer on the wall: comments below what the person wrote, with pictures and films as they are. */
import { inUnits, splitText } from '../../channels/split-text.ts'
import { list, members, readId, readText, readTime } from '../../channels/values.ts'
import * as conversations from '../../conversations/conversations.ts'
import { multipart } from '../../forms/multipart.ts'
import { fetchAttachment } from './fetch-attachment.ts'
import { NoComment, type Part, type Sending, Unsendable } from './sending.ts'
import { respectUsage } from './usage.ts'

const limit = { size: 7900, measure: inUnits }
const UPLOAD_WITHIN_MS = 60_000
const CLOCKS_MS = 60_000
const LOOKED_THROUGH = 50

export async function commentParts(sending: Sending): Promise<Part[]> {
  const { ctx, bound, answer } = sending
  if (answer.threadId === null) throw new Unsendable('This answer belongs to no post.')
  const target =
    (await conversations.placeOf(ctx.db, bound.id, answer.threadId, answer.person)) ?? answer.threadId
  if (answer.file && /^(image|video)\//.test(answer.file.type)) {
    const file = await fetchAttachment(ctx, bound, answer.file)
    return [toPart(sending, target, undefined, file)]
  }
  // An address in a public comment would open the file to everybody.
  if (answer.file) throw new NoComment('Facebook takes only pictures and films in a comment.')
  return splitText(answer.body, limit).map((message) => toPart(sending, target, message))
}

function toPart(
  { ctx, bound }: Sending,
  target: string,
  message: string | undefined,
  file?: { name: string; type: string; bytes: Uint8Array },
): Part {
  return {
    async send() {
      const { body, usage } = await ctx.graph.call<{ id?: unknown }>('POST', {
        path: `${target}/comments`,
        token: bound.pageToken,
        body: file ? multipart({}, 'source', file) : { message },
        ...(file && { timeoutMs: UPLOAD_WITHIN_MS }),
      })
      await respectUsage(ctx, bound.id, usage)
      return readId(body.id) ?? `${target}:unnamed:${Date.now()}`
    },
    /** Nothing keeps a public comment from standing there twice but looking. */
    async find(askedAt) {
      const { data } = await ctx.graph.get<{ data?: unknown }>(`${target}/comments`, bound.pageToken, {
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
        if (readId(members(comment.from).id) !== bound.pageId) continue
        const isSame =
          message === undefined
            ? comment.attachment !== undefined
            : readText(comment.message)?.trim() === message
        if (isSame && !(await conversations.isSent(ctx.db, bound.id, id))) return id
      }
      return undefined
    },
  }
}
