/** An account's actions: the steps that an interaction goes through when it opens. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { type ActionOf, type NewAction, steps as stepSchemas } from '@patchbay/protocol/api/actions.ts'
import { Compile } from 'typebox/compile'

const check = Compile(stepSchemas.queue)
const actionTypes = ['queue'] as const

type QueueStep = ActionOf<'queue'>

/** Gives ids to those without. Refuses with the step at fault, as `actions[2].queueId`. */
export function readActions(steps: readonly NewAction[]): QueueStep[] {
  const taken = new Set(steps.flatMap((step) => step?.id ?? []))
  return steps.map((step, index) => {
    const named = isObject(step) && step.id === undefined ? { ...step, id: freeId(step.type, taken) } : step
    if (check.Check(named)) return named
    throw unusable(named, index)
  })
}

function freeId(type: unknown, taken: Set<string>): string {
  for (let count = 1; ; count++) {
    const id = `${String(type)}-${count}`
    if (taken.has(id)) continue
    taken.add(id)
    return id
  }
}

function isObject(step: unknown): boolean {
  return typeof step === 'object' && step !== null && !Array.isArray(step)
}

export function queuesOf(actions: readonly QueueStep[]): number[] {
  return [...new Set(actions.map(({ queueId }) => queueId))]
}

export function intervalsOf(actions: readonly QueueStep[]): number[] {
  return [...new Set(actions.flatMap(({ intervalId }) => intervalId ?? []))]
}

/** `known` are the intervals that exist, among those that the actions name. */
export function requireIntervals(actions: readonly QueueStep[], known: ReadonlySet<number>): void {
  const index = actions.findIndex(({ intervalId }) => intervalId != null && !known.has(intervalId))
  if (index < 0) return
  throw new Refusal(
    'AC-102',
    `Step ${index + 1} is limited to interval ${actions[index]?.intervalId}, which does not exist.`,
    { field: `actions[${index}].intervalId` },
  )
}

/** `known` are the queues that exist, among those that the actions name. */
export function requireQueues(actions: readonly QueueStep[], known: ReadonlySet<number>): void {
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
