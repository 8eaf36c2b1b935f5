/** An account's actions as they come in: each step by its own schema, with ids for those that have none. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import {
  type Action,
  type ActionType,
  actionTypes,
  type NewAction,
  steps as schemas,
} from '@patchbay/protocol/api/actions.ts'
import { Compile } from 'typebox/compile'

const checks = new Map(actionTypes.map((type) => [type as string, Compile(schemas[type as ActionType])]))

/** Refuses with the step at fault, as `actions[2].queueId`. */
export function readActions(steps: readonly NewAction[]): Action[] {
  const taken = new Set(steps.flatMap((step) => step?.id ?? []))
  return steps.map((step, index) => {
    const named: unknown = isWithoutId(step) ? { id: freeId(step.type, taken), ...step } : step
    const check = checks.get(typeOf(named))
    if (!check) throw unknownType(index)
    if (check.Check(named)) return named as Action
    throw unusable(index, check.Errors(named)[0])
  })
}

/** About the step and its field, as every refusal of a flow. */
export function refuseStep(index: number, field: string, words: string): Refusal {
  return new Refusal('AC-102', `Step ${index + 1} ${words}`, { field: `actions[${index}].${field}` })
}

function isWithoutId(step: unknown): step is Omit<NewAction, 'id'> {
  return typeof step === 'object' && step !== null && (!('id' in step) || step.id === undefined)
}

function typeOf(step: unknown): string {
  return typeof step === 'object' && step !== null && 'type' in step ? String(step.type) : ''
}

function freeId(type: string, taken: Set<string>): string {
  for (let count = 1; ; count++) {
    const id = `${type}-${count}`
    if (taken.has(id)) continue
    taken.add(id)
    return id
  }
}

function unknownType(index: number): Refusal {
  return new Refusal('AC-102', `Step ${index + 1} is of an unknown type.`, {
    field: `actions[${index}].type`,
    allowed: actionTypes,
  })
}

interface SchemaError {
  instancePath: string
  message: string
  params: object
}

function unusable(index: number, error: SchemaError | undefined): Refusal {
  const params = error?.params as
    | { requiredProperties?: string[]; additionalProperties?: string[] }
    | undefined
  const missing = params?.requiredProperties?.[0]
  const path = [
    ...(error?.instancePath.split('/').slice(1) ?? []),
    missing ?? params?.additionalProperties?.[0],
  ]
  const member = path
    .filter((part) => part !== undefined)
    .reduce((text, part) => (/^\d+$/.test(part) ? `${text}[${part}]` : text ? `${text}.${part}` : part), '')
  const fault = missing ? 'is missing' : error?.message
  return new Refusal('AC-102', `${member} of step ${index + 1} ${fault ?? 'is not usable'}.`, {
    field: member ? `actions[${index}].${member}` : `actions[${index}]`,
  })
}
