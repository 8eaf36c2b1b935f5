/** Hands the files of a message to the contact centre, from our copies, each once. */

import { upload } from '../../centre/centre.ts'
import * as copies from '../../files/copies.ts'
import type { Carried } from '../../lanes/engine.ts'
import { say, wordsOf } from '../../texts/say.ts'
import type { Bound } from '../bound.ts'
import type { FlowContext } from '../flow-context.ts'

type HandedOver = { attachments: number[]; missing: string[] } | { carried: Carried }

export async function handOver(ctx: FlowContext, bound: Bound, parcelKey: string): Promise<HandedOver> {
  const attachments: number[] = []
  const missing: string[] = []
  for (const wanted of await copies.ofParcel(ctx.db, bound.id, parcelKey)) {
    const copy = wanted.state === 'wanted' ? await copies.fetchOne(ctx.copies, wanted.id) : wanted
    if (copy.attachmentId !== null) attachments.push(copy.attachmentId)
    else if (copy.state === 'wanted')
      return {
        carried: {
          outcome: 'again',
          reason: say('file-later', { text: copy.reason ?? '' }),
          isEndAtFault: false,
        },
      }
    else if (copy.state === 'gone') missing.push(wordsOf(say('file-gone'), bound.language))
    else if (copy.state === 'failed')
      missing.push(
        wordsOf(say('file-failed', { channel: bound.channel.name, text: copy.reason ?? '' }), bound.language),
      )
    else {
      const answer = await upload(ctx.door, bound, {
        name: copy.name ?? 'file',
        type: copy.type ?? 'application/octet-stream',
        bytes: await copies.read(ctx.copies, copy.id),
      })
      const id = answer.ok && typeof answer.body.id === 'number' ? answer.body.id : undefined
      if (id !== undefined) {
        await copies.noteAttachment(ctx.db, copy.id, id)
        attachments.push(id)
      } else if (answer.ok || answer.carried.outcome === 'dead')
        missing.push(wordsOf(say('file-not-taken'), bound.language))
      else return { carried: answer.carried }
    }
  }
  return { attachments, missing }
}
