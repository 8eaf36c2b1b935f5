/** Compares what was told of the wall with what stands there now. */
import { sha256 } from '@patchbay/kit/crypto.ts'
import type { ChannelEvent } from '../channels/channel-event.ts'
import type { Asking, Told } from '../channels/missed.ts'
import { readText } from '../channels/values.ts'
import { GraphError } from '../graph/graph-error.ts'

/** `texts`: of those that the wall was seen to have; the others are asked for one by one. */
export async function readChanges(
  asking: Asking,
  told: readonly Told[],
  texts: ReadonlyMap<string, string | undefined>,
): Promise<ChannelEvent[]> {
  const changes: ChannelEvent[] = []
  for (const one of told) {
    const now = texts.has(one.id) ? { text: texts.get(one.id) } : await ask(asking, one.id)
    const about = {
      pageId: asking.pageId,
      person: one.person,
      threadId: one.threadId,
      conversation: one.conversation,
      at: new Date().toISOString(),
      messageId: one.id,
    }
    if (now === 'gone') changes.push({ ...about, type: 'deleted', key: `removed:${one.id}` })
    // Without words it says in ours what can be seen at Facebook.
    else if (now?.text !== undefined && digestOf(asKept(now.text)) !== one.digest)
      changes.push({
        ...about,
        type: 'edited',
        key: `edited:${one.id}:${digestOf(now.text).slice(0, 32)}:${about.at}`,
        body: now.text,
      })
  }
  return changes
}

/** Undefined: Facebook does not say. */
async function ask(
  { graph, token }: Asking,
  id: string,
): Promise<{ text: string | undefined } | 'gone' | undefined> {
  try {
    const { message } = await graph.get<{ message?: unknown }>(id, token, {
      fields: 'id,message',
    })
    return { text: readText(message) }
  } catch (error) {
    if (!(error instanceof GraphError) || error.retryable || error.kind === 'token') throw error
    return error.kind === 'gone' ? 'gone' : undefined
  }
}

const digestOf = (text: string): string => sha256(text).toString('hex')

/** Lanes keep texts so. */
const asKept = (text: string): string => text.replaceAll('\0', '\u2400').toWellFormed()
