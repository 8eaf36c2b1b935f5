import { DoorError } from '@patchbay/kit/door-error.ts'
import type { Door } from '@patchbay/kit/outbound.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Behave, type Call, testDeliveries, until } from './testing.ts'

const world = await testDeliveries()
let lastAccount = 0

/** What a receiver does with one attempt. */
type Step = 'yes' | 'no' | 'later' | 'reset' | 'hang'
const steps: Record<Step, Behave> = {
  yes: (response) => response.writeHead(200).end(),
  no: (response) => response.writeHead(400).end(),
  later: (response) => response.writeHead(503).end(),
  reset: (response) => response.destroy(),
  hang: () => {},
}
const isFinal = (step: Step): boolean => step === 'yes' || step === 'no'

/** For each interaction, for each of its answers, what happens to its attempts; once the script is over, they are taken. */
const scripts = fc.array(
  fc.array(
    fc.array(
      fc.oneof(
        { weight: 19, arbitrary: fc.constantFrom<Step>('yes', 'no', 'later', 'later', 'reset') },
        { weight: 1, arbitrary: fc.constant<Step>('hang') },
      ),
      { maxLength: 4 },
    ),
    { minLength: 1, maxLength: 4 },
  ),
  { minLength: 1, maxLength: 5 },
)

/** The plain model: one answer after the other, each until something final happens. */
function expected(script: readonly Step[][]): { calls: [answer: number, attempt: number][]; ends: string[] } {
  const calls: [number, number][] = []
  const ends: string[] = []
  for (const [answer, planned] of script.entries()) {
    for (let attempt = 1; ; attempt++) {
      const step = planned[attempt - 1] ?? 'yes'
      calls.push([answer, attempt])
      if (!isFinal(step)) continue
      ends.push(step === 'yes' ? 'sent' : 'failed')
      break
    }
  }
  return { calls, ends }
}

test.each([1, 2])(
  'with %i engines, whatever fails, each interaction sees its answers in order and each to its end',
  async (engines) => {
    const run = fc.asyncProperty(scripts, async (script) => {
      const stepOf = new Map<number, readonly Step[]>()
      const hung = new Map<string, () => void>()
      // Keeps the sockets of a script apart from those of the one before.
      const there = await world.receiver((response, call, calls) => {
        const step = stepOf.get(call.messageId)?.[call.attempt - 1] ?? 'yes'
        steps[step](response, call, calls)
        if (step === 'hang') hung.get(`${call.webhookId} ${call.attempt}`)?.()
      })
      const door = { ...world.door, request: givesUpOnHanging(hung) }
      const made = []
      for (const answers of script) {
        const [one] = await world.answers(++lastAccount, there.url, 1, answers.length)
        if (one) made.push(one)
        for (const [index, id] of one?.messageIds.entries() ?? []) stepOf.set(id, answers[index] ?? [])
      }
      const running = Array.from({ length: engines }, () =>
        world.engine({ door, retryDelayMs: () => 1, limits: { pollMs: 50 } }),
      )
      const all = made.flatMap(({ messageIds }) => messageIds)
      await until(async () => {
        const { rowCount } = await world.pool.query(
          `select from message where id = any($1) and status not in ('sent', 'failed')`,
          [all],
        )
        return rowCount === 0
      })
      await Promise.all(running.map((engine) => engine.stop()))
      for (const [index, { messageIds }] of made.entries()) {
        const { calls, ends } = expected(script[index] ?? [])
        const mine = there.calls.filter(({ messageId }) => messageIds.includes(messageId))
        expect(withoutEchoes(mine).map((call) => [messageIds.indexOf(call.messageId), call.attempt])).toEqual(
          calls,
        )
        const { rows } = await world.pool.query('select status from message where id = any($1) order by id', [
          messageIds,
        ])
        expect(rows.map(({ status }) => status)).toEqual(ends)
      }
    })
    await fc.assert(run, { numRuns: 8 })
  },
)

/** Time is over for a call as soon as it hangs at the receiver, and for no other: a slow machine is not taken for a slow receiver. */
function givesUpOnHanging(hung: Map<string, () => void>): Door['request'] {
  return (request) => {
    const { promise, reject } = Promise.withResolvers<never>()
    const cut = new AbortController()
    hung.set(`${request.headers?.['webhook-id']} ${request.headers?.['x-attempt']}`, () => {
      cut.abort()
      reject(new DoorError('timeout', 'It did not answer.'))
    })
    const answer = world.door.request({ ...request, signal: cut.signal })
    answer.catch(() => {})
    return Promise.race([answer, promise])
  }
}

/** A kept connection that breaks is replaced, and the same attempt sent again at once: the receiver sees it twice. */
function withoutEchoes(calls: readonly Call[]): Call[] {
  return calls.filter((call, index) => {
    const before = calls[index - 1]
    return before?.messageId !== call.messageId || before.attempt !== call.attempt
  })
}
