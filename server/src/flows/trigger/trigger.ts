/**
 * trigger: asks every trigger of the messages that were noted for it, and does what those want whose conditions hold.
 *
 * A message is noted in its own transaction (`note_messages`), and the note goes in the transaction that does what its triggers want: a
 * crash leaves both or neither. One node at a time is at it, so that the messages of an interaction are asked of in their order. Nothing
 * that a trigger does writes a message, so none fires another; a service that answers a web request with a message may, and is held by
 * a bound on how often a trigger fires for one interaction.
 */
import { transaction } from '@patchbay/kit/database.ts'
import type { Log } from '@patchbay/kit/log.ts'
import { sql } from 'kysely'
import type { Tx } from '../../db.ts'
import * as interactions from '../../interactions/interactions.ts'
import { openIntervals } from '../../intervals/intervals.ts'
import { dropRequests, dueRequests, postpone, type TriggerRequest } from '../../triggers/requests.ts'
import { countFired, readTriggers, type TriggerRow } from '../../triggers/triggers.ts'
import { factsOfMessages, type MessageFacts } from '../../views/facts.ts'
import { firedLately } from '../../views/fired.ts'
import type { Writer } from '../change.ts'
import { fire } from './fire.ts'
import { type Firing, matches } from './matches.ts'

export interface Triggering extends Writer {
  readonly log: Pick<Log, 'warn' | 'error'>
}

// Any constant does, as long as every node takes the same one.
const LOCK = 7_140_556
const AT_ONCE = 100
const ATTEMPTS = 10
/** Firings of one trigger for one interaction within ten minutes. */
export const MOST_FIRINGS = 20

export interface Round {
  settled: number
  /** Something had to be left: another node is at it, an interaction is locked, or there is more than one round takes. */
  left: boolean
}

interface Notes {
  interactions: Set<number>
  users: Set<number>
  route: boolean
}

export async function runTriggers(ctx: Triggering): Promise<Round> {
  try {
    return await round(ctx, AT_ONCE, () => {})
  } catch (error) {
    ctx.log.warn({ err: error }, 'triggers failed together and are asked one message after the other')
    return await oneByOne(ctx)
  }
}

/** Until one fails, which then waits while the others go on. */
async function oneByOne(ctx: Triggering): Promise<Round> {
  let settled = 0
  let current: TriggerRequest | undefined
  try {
    for (;;) {
      current = undefined
      const one = await round(ctx, 1, (due) => {
        current = due[0]
      })
      settled += one.settled
      if (one.settled === 0) return { settled, left: one.left }
    }
  } catch (error) {
    if (!current) throw error
    const { messageId, attempts } = current
    if (attempts + 1 < ATTEMPTS) {
      ctx.log.warn({ err: error, messageId }, 'triggers failed for a message and are asked again')
      await postpone(ctx.db, messageId, 2 ** attempts)
    } else {
      ctx.log.error({ err: error, messageId }, 'triggers were given up for a message')
      await transaction(ctx.db, (tx) => dropRequests(tx, [messageId]))
    }
    return { settled, left: true }
  }
}

async function round(
  ctx: Triggering,
  limit: number,
  onTaken: (due: readonly TriggerRequest[]) => void,
): Promise<Round> {
  const notes: Notes = { interactions: new Set(), users: new Set(), route: false }
  const done = await transaction(ctx.db, async (tx): Promise<Round> => {
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${LOCK}) as mine`.execute(
      tx,
    )
    if (!rows[0]?.mine) return { settled: 0, left: true }
    const due = await dueRequests(tx, limit)
    if (due.length === 0) return { settled: 0, left: false }
    onTaken(due)
    const free = new Set(
      (await interactions.lockFree(tx, [...new Set(due.map(({ interactionId }) => interactionId))])).map(
        ({ id }) => id,
      ),
    )
    const held = due.filter(({ interactionId }) => free.has(interactionId))
    await settle(tx, held, notes)
    const messageIds = held.map(({ messageId }) => messageId)
    await dropRequests(tx, messageIds)
    return { settled: held.length, left: held.length < due.length || due.length === limit }
  })
  if (notes.interactions.size > 0)
    ctx.push.ring({ interactions: notes.interactions, users: notes.users, route: notes.route })
  return done
}

/** The caller holds the locks of the interactions. */
async function settle(tx: Tx, requests: readonly TriggerRequest[], notes: Notes): Promise<void> {
  const triggers = await readTriggers(tx, { enabled: true })
  if (triggers.length === 0 || requests.length === 0) return
  const facts = await factsOfMessages(
    tx,
    requests.map(({ messageId }) => messageId),
  )
  const open = await openIntervals(
    tx,
    [...new Set(triggers.flatMap(({ interval_id }) => interval_id ?? []))],
    new Date(),
  )
  const wanted = requests.flatMap(({ messageId }) => {
    const message = facts.get(messageId)
    return message ? firings(triggers, message, open) : []
  })
  if (wanted.length === 0) return
  const lately = await firedLately(tx, [...new Set(wanted.map(({ message }) => message.interactionId))])
  const fired = new Map<number, number>()
  for (const firing of wanted) {
    const { trigger, message } = firing
    const key = `${message.interactionId} ${trigger.id}`
    const times = (lately.get(key) ?? 0) + 1
    if (times > MOST_FIRINGS) continue
    lately.set(key, times)
    fired.set(trigger.id, (fired.get(trigger.id) ?? 0) + 1)
    const did = await fire(tx, firing, times === MOST_FIRINGS)
    notes.interactions.add(message.interactionId)
    notes.route ||= did.route
    for (const userId of did.users) notes.users.add(userId)
  }
  await countFired(tx, fired)
}

function firings(
  triggers: readonly TriggerRow[],
  message: MessageFacts,
  open: ReadonlySet<number>,
): Firing[] {
  return triggers
    .filter((trigger) => matches(trigger, message, open).fires)
    .map((trigger) => ({ trigger, message }))
}
