/** The steps of an account's actions: what happens to an interaction that opened, and after each step that ran out. */
import type { Action } from '@patchbay/protocol/api/actions.ts'

/** `rest`: no step is left, the interaction is shown to the agents of its account. */
export type Next =
  | { type: 'queue'; stepId: string; queueId: number; timeoutSeconds: number | null }
  | { type: 'rest' }

/**
 * What follows step `after` (null: the beginning; a step that is no more: nothing does). A step whose queue is gone, and one
 * outside its interval, is passed over, as if it had run out at once.
 */
export function nextStep(
  actions: readonly Action[],
  after: string | null,
  isQueue: (queueId: number) => boolean,
  isOpen: (intervalId: number) => boolean,
): Next {
  const from = after === null ? 0 : actions.findIndex(({ id }) => id === after) + 1
  if (after !== null && from === 0) return { type: 'rest' }
  for (const action of actions.slice(from)) {
    if (action.type !== 'queue' || !isQueue(action.queueId)) continue
    if (action.intervalId == null || isOpen(action.intervalId)) {
      const { id: stepId, queueId, timeoutSeconds = null } = action
      return { type: 'queue', stepId, queueId, timeoutSeconds }
    }
  }
  return { type: 'rest' }
}
