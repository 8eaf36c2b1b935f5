/** The steps of an account's actions: what happens to an interaction that opened, and after each step that ran out. */
import type { Action } from '@patchbay/protocol/api/accounts.ts'

/** `rest`: no step is left, the interaction is shown to the agents of its account. */
export type Next =
  | { type: 'queue'; step: number; queueId: number; timeoutSeconds: number | null }
  | { type: 'rest' }

/**
 * What follows step `after` (null: the beginning). A step whose queue is gone, and one
 * outside its interval, is passed over, as if it had run out at once.
 * `after` is a place and not an identity: when the actions are changed meanwhile, a waiting interaction goes on from the same place.
 */
export function nextStep(
  actions: readonly Action[],
  after: number | null,
  isQueue: (queueId: number) => boolean,
  isOpen: (intervalId: number) => boolean,
): Next {
  for (let step = after === null ? 0 : after + 1; step < actions.length; step++) {
    const action = actions[step]
    if (!action || !isQueue(action.queueId)) continue
    if (action.intervalId == null || isOpen(action.intervalId))
      return { type: 'queue', step, queueId: action.queueId, timeoutSeconds: action.timeoutSeconds ?? null }
  }
  return { type: 'rest' }
}
