/** What a customer is called: as the channel said with the message, as it answers when asked, or by the last digits of his id. */
import type { Name } from '../../channels/channel-kind.ts'
import { splitName } from '../../channels/names.ts'
import { members } from '../../channels/values.ts'
import * as conversations from '../../conversations/conversations.ts'
import { GraphError } from '../../graph/graph-error.ts'
import type { Bound } from '../bound.ts'
import type { FlowContext } from '../flow-context.ts'

const DAY_MS = 24 * 3_600_000
const ASK_AGAIN_MS = 30 * DAY_MS
/** Of somebody whose name was not to be had: consent comes with what he writes. */
const ASK_NAMELESS_AGAIN_MS = 10 * 60_000
const WITHIN_MS = 5_000

export async function nameOf(
  ctx: FlowContext,
  bound: Bound,
  person: string,
  said: string | undefined,
): Promise<Name> {
  const known = await conversations.find(ctx.db, bound.id, person)
  const isFresh = (ms: number): boolean => known?.namedAt != null && Date.now() - known.namedAt.getTime() < ms
  const kept = known?.firstName ? { firstName: known.firstName, lastName: known.lastName ?? '' } : undefined
  const name = said === undefined ? null : splitName(said)
  if (name !== null) {
    if (name.firstName !== kept?.firstName || name.lastName !== kept.lastName)
      await conversations.noteName(ctx.db, bound.id, person, name)
    return name
  }
  if (isFresh(kept ? ASK_AGAIN_MS : ASK_NAMELESS_AGAIN_MS)) return kept ?? nameless(bound, person)
  const asked = await ask(ctx, bound, person)
  await conversations.noteName(ctx.db, bound.id, person, asked)
  return asked ?? kept ?? nameless(bound, person)
}

function nameless({ channel: { name }, language }: Bound, person: string): Name {
  return { firstName: language === 'it' ? `Utente ${name}` : `${name} user`, lastName: person.slice(-4) }
}

/** A name that is not to be had never holds up a message. */
async function ask(
  { graph, log }: FlowContext,
  { channel: { profile }, pageToken }: Bound,
  person: string,
): Promise<Name | null> {
  if (pageToken === null || !/^\d+$/.test(person)) return null
  try {
    const { body } = await graph.call<unknown>('GET', {
      path: person,
      token: pageToken,
      params: { fields: profile.fields },
      timeoutMs: WITHIN_MS,
    })
    return profile.read(members(body))
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    log.debug({ kind: error.kind, code: error.code, subcode: error.subcode }, 'a name could not be had')
    return null
  }
}
