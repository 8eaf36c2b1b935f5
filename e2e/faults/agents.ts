// Agents who accept what they are offered, answer every message once, and close or hand back; they remember what they were told was sent.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Desk, openDesk } from './desk.ts'

export interface Answer {
  messageId: number
  body: string
}

export interface Agent {
  readonly desk: Desk
  /** Answers that the program said it took. */
  readonly answers: readonly Answer[]
  /** From now on reads threads to their beginning: of what came faster than it was answered, a page does not show all. */
  readAll(): void
  /** Accepts no more; resolves when what was begun has been finished. */
  stop(): Promise<void>
}

export interface AgentOptions {
  origins: readonly string[]
  key: string
  userId: number
  queueId: number
  /** Which agent answers which message; shared by all agents of a world. */
  claims: Map<number, number>
  /** After so many answers an interaction is closed, or handed back to the queue in turn. */
  answersEach?: number
}

const PUMP_MS = 50
const PRESENT_EVERY_MS = 2_000
const ANSWERS_EACH = 4

export function startAgent(options: AgentOptions): Agent {
  const { origins, key, userId, queueId, claims, answersEach = ANSWERS_EACH } = options
  const desk = openDesk({ origins, key })
  const answers: Answer[] = []
  const answered = new Set<number>()
  const counts = new Map<number, number>()
  let isOver = false
  let isReadingAll = false
  let presentAt = Number.NEGATIVE_INFINITY
  let handedOn = 0

  const path = (interactionId: number, verb: string): string =>
    `/api/openchannel/interactions/${interactionId}/${verb}`

  const acceptOffers = async (): Promise<void> => {
    for (const { interactionId } of desk.state.offers)
      if (await desk.call('POST', path(interactionId, 'accept'))) await desk.open(interactionId)
  }

  // After a reset or a lost answer to an acceptance there are some that no thread is open of.
  const openMine = async (): Promise<void> => {
    for (const { id, user, state } of desk.state.rows.values())
      if (state === 'assigned' && user?.id === userId && !desk.state.threads.has(id)) await desk.open(id)
  }

  const answer = async (interactionId: number): Promise<void> => {
    for (const { message } of desk.state.threads.get(interactionId)?.items ?? []) {
      if (message?.direction !== 'in' || answered.has(message.id)) continue
      // Who has handed it on without hearing so, and who has it now, would both answer.
      if ((claims.get(message.id) ?? userId) !== userId) continue
      claims.set(message.id, userId)
      const body = `re ${message.body}`
      const sent = await desk.call<{ id: number }>('POST', '/api/openchannel/messages', {
        body,
        OpenchannelInteractionId: interactionId,
        clientId: `answer-${message.id}`,
      })
      // In order: the next one waits until this one is known to be sent.
      if (!sent) return
      answered.add(message.id)
      answers.push({ messageId: sent.id, body })
      counts.set(interactionId, (counts.get(interactionId) ?? 0) + 1)
    }
    if (isReadingAll && desk.state.threads.get(interactionId)?.more) return desk.readBack(interactionId)
    if ((counts.get(interactionId) ?? 0) < answersEach) return
    const isDone =
      handedOn++ % 2 === 0
        ? await desk.call('POST', path(interactionId, 'close'), {})
        : await desk.call('POST', path(interactionId, 'transfer'), { queueId })
    if (!isDone) return
    counts.delete(interactionId)
    desk.hide(interactionId)
  }

  const pump = async (): Promise<void> => {
    while (!isOver) {
      if (performance.now() - presentAt > PRESENT_EVERY_MS) {
        if (await desk.call('PUT', '/api/me/presence', { state: 'available' })) presentAt = performance.now()
      }
      await acceptOffers()
      await openMine()
      for (const id of desk.state.threads.keys()) await answer(id)
      await sleep(PUMP_MS)
    }
  }
  const pumping = pump()

  return {
    desk,
    answers,
    readAll() {
      isReadingAll = true
    },
    async stop() {
      isOver = true
      await pumping
    },
  }
}
