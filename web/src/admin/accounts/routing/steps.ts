/** The steps of an account while they are being changed: each has an identity, so that it may move. */
import type { Action, NewAction } from '@patchbay/protocol/api/actions.ts'

export interface Step {
  key: number
  /** Given by the server; none on a new one. */
  id: string | undefined
  queueId: number
  /** NaN: until somebody accepts. */
  timeoutSeconds: number
  /** null: at any time. */
  intervalId: number | null
}

export function stepsOf(actions: readonly Action[]): Step[] {
  const queues = actions.filter((action) => action.type === 'queue')
  return queues.map(({ id, queueId, timeoutSeconds, intervalId }, key) => ({
    key,
    id,
    queueId,
    timeoutSeconds: timeoutSeconds ?? Number.NaN,
    intervalId: intervalId ?? null,
  }))
}

export function actionsOf(steps: readonly Step[]): NewAction[] {
  return steps.map(({ id, queueId, timeoutSeconds, intervalId }) => ({
    ...(id === undefined ? {} : { id }),
    type: 'queue',
    queueId,
    timeoutSeconds: Number.isNaN(timeoutSeconds) ? null : timeoutSeconds,
    ...(intervalId === null ? {} : { intervalId }),
  }))
}

export function added(steps: readonly Step[], queueId: number): Step[] {
  const key = Math.max(-1, ...steps.map((step) => step.key)) + 1
  return [...steps, { key, id: undefined, queueId, timeoutSeconds: Number.NaN, intervalId: null }]
}

export function moved(steps: readonly Step[], from: number, by: -1 | 1): Step[] {
  const to = from + by
  const step = steps[from]
  if (!step || to < 0 || to >= steps.length) return [...steps]
  return steps.toSpliced(from, 1).toSpliced(to, 0, step)
}

/** A step after one that holds at any time and has no timeout is never reached. */
export function unreachable(steps: readonly Step[]): number {
  const endless = steps.findIndex(
    ({ timeoutSeconds, intervalId }) => Number.isNaN(timeoutSeconds) && intervalId === null,
  )
  return endless < 0 ? 0 : steps.length - endless - 1
}

export function isSame(one: readonly Step[], other: readonly Step[]): boolean {
  return JSON.stringify(actionsOf(one)) === JSON.stringify(actionsOf(other))
}
