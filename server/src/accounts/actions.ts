/** An account's actions: the steps that an interaction goes through when it opens. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { Action } from '@patchbay/protocol/api/accounts.ts'
import { Compile } from 'typebox/compile'

const check = Compile(Action)
const actionTypes = ['queue'] as const

/** Refuses with the step at fault, as `actions[2].queueId`. */
export function readActions(steps: readonly unknown[]): Action[] {
  return steps.map((step, index) => {
    if (check.Check(step)) return step
    throw unusable(step, index)
  })
}

export function queuesOf(actions: readonly Action[]): number[] {
  return [...new Set(actions.map(({ queueId }) => queueId))]
}

export function intervalsOf(actions: readonly Action[]): number[] {
  return [...new Set(actions.flatMap(({ intervalId }) => intervalId ?? []))]
}

/** `known` are the intervals that exist, among those that the actions name. */
export function requireIntervals(actions: readonly Action[], known: ReadonlySet<number>): void {
  const index = actions.findIndex(({ intervalId }) => intervalId != null && !known.has(intervalId))
  if (index < 0) return
  throw new Refusal(
    'AC-102',
    `Step ${index + 1} is limited to interval ${actions[index]?.intervalId}, which does not exist.`,
    { field: `actions[${index}].intervalId` },
  )
}

/** `known` are the queues that exist, among those that the actions name. */
export function requireQueues(actions: readonly Action[], known: ReadonlySet<number>): void {
  const index = actions.findIndex(({ queueId }) => !known.has(queueId))
  if (index < 0) return
  throw new Refusal(
    'AC-102',
    `Step ${index + 1} names queue ${actions[index]?.queueId}, which does not exist.`,
    {
      field: `actions[${index}].queueId`,
    },
  )
}

function unusable(step: unknown, index: number): Refusal {
  const type = typeof step === 'object' && step !== null && 'type' in step ? step.type : undefined
  if (!actionTypes.some((known) => known === type))
    return new Refusal('AC-102', `Step ${index + 1} is of an unknown type.`, {
      field: `actions[${index}].type`,
      allowed: actionTypes,
    })
  const [error] = check.Errors(step)
  const params = error?.params as
    | { requiredProperties?: string[]; additionalProperties?: string[] }
    | undefined
  const member =
    params?.requiredProperties?.[0] ?? params?.additionalProperties?.[0] ?? error?.instancePath.slice(1) ?? ''
  const fault = params?.requiredProperties ? 'is missing' : error?.message
  return new Refusal('AC-102', `${member} of step ${index + 1} ${fault ?? 'is not usable'}.`, {
    field: member ? `actions[${index}].${member}` : `actions[${index}]`,
  })
}
