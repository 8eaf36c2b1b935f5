/** What a message answers, quoted above it: the channel names the other message by its id, and its words are not kept here. */
import type { MessageEvent } from '../../channels/channel-event.ts'
import { members, readText } from '../../channels/values.ts'
import { GraphError } from '../../graph/graph-error.ts'
import { say, wordsOf } from '../../texts/say.ts'
import type { Bound } from '../bound.ts'
import type { FlowContext } from '../flow-context.ts'

const LONGEST = 200
const WITHIN_MS = 5_000

/** The body as the agent reads it. Words that are not to be had never hold up a message. */
export async function quoteIn(
  ctx: FlowContext,
  bound: Bound,
  { body, quotes }: Pick<MessageEvent, 'body' | 'quotes'>,
): Promise<string> {
  const text = quotes === undefined ? undefined : await ask(ctx, bound, quotes)
  return text === undefined ? body : `${wordsOf(say('quotes', { text }), bound.language)}\n${body}`
}

async function ask(
  { graph, log }: FlowContext,
  { pageToken }: Bound,
  messageId: string,
): Promise<string | undefined> {
  if (pageToken === null) return undefined
  try {
    const { body } = await graph.call<unknown>('GET', {
      path: encodeURIComponent(messageId),
      token: pageToken,
      params: { fields: 'message' },
      timeoutMs: WITHIN_MS,
    })
    const text = readText(members(body).message)?.replaceAll(/\s+/g, ' ').trim()
    if (!text) return undefined
    const letters = [...text]
    return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join('')}…` : text
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    log.debug(
      { kind: error.kind, code: error.code, subcode: error.subcode },
      'a quoted message could not be had',
    )
    return undefined
  }
}
