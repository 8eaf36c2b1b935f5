/** The steps of an account's flow while they are being changed. Each has its id from the beginning, so that others can jump to it. */
import type { Action, ActionType } from '@patchbay/protocol/api/actions.ts'

/** What the menu offers, in its order. */
export const offered = [
  'queue',
  'agent',
  'auto-reply',
  'go-to-if',
  'go-to',
  'tag',
  'close',
  'noop',
  'bot',
  'web-request',
] as const satisfies readonly ActionType[]

/** As it is added; 0 stands for what has not been chosen yet, and the server names it. */
export function newStep(type: ActionType, steps: readonly Action[], queueId = 0): Action {
  const id = freeId(type, steps)
  switch (type) {
    case 'queue':
      return { id, type, queueId, timeoutSeconds: null }
    case 'agent':
      return { id, type, userId: 0, timeoutSeconds: 20 }
    case 'auto-reply':
      return { id, type, text: '', when: 'once' }
    case 'go-to-if':
      return { id, type, conditions: { all: [], any: [] }, then: null, else: null }
    case 'go-to':
      return { id, type, to: null }
    case 'tag':
      return { id, type, tagIds: [] }
    case 'close':
      return { id, type, dispositionId: null }
    case 'noop':
      return { id, type, text: '' }
    case 'bot':
      return { id, type, url: '', timeoutSeconds: 300, onTimeout: null }
    case 'web-request':
      return { id, type, method: 'GET', url: '', variable: 'answer', timeoutSeconds: 10 }
  }
}

function freeId(type: string, steps: readonly Action[]): string {
  const taken = new Set(steps.map(({ id }) => id))
  let count = 1
  while (taken.has(`${type}-${count}`)) count++
  return `${type}-${count}`
}

/** To before the place `to`, as places were before. */
export function moved(steps: readonly Action[], from: number, to: number): Action[] {
  const step = steps[from]
  if (!step || to < 0 || to > steps.length) return [...steps]
  const rest = steps.toSpliced(from, 1)
  return rest.toSpliced(to > from ? to - 1 : to, 0, step)
}

/** Whoever jumped to it now jumps to the end. */
export function removed(steps: readonly Action[], at: number): Action[] {
  const gone = steps[at]?.id
  const kept = (id: string | null) => (id === gone ? null : id)
  return steps.toSpliced(at, 1).map((step) => {
    if (step.type === 'go-to') return { ...step, to: kept(step.to) }
    if (step.type === 'bot') return { ...step, onTimeout: kept(step.onTimeout ?? null) }
    if (step.type === 'go-to-if') return { ...step, then: kept(step.then), else: kept(step.else) }
    return step
  })
}

/** Nobody is ever asked: no step of the flow rings. */
export function ringsNobody(steps: readonly Action[]): boolean {
  return steps.length > 0 && !steps.some(({ type }) => type === 'queue' || type === 'agent')
}

/** The variables that the steps set. */
export function setBy(steps: readonly Action[]): { names: string[]; isOpen: boolean } {
  const names = steps.flatMap((step) =>
    step.type === 'web-request' ? [`vars.${step.variable}`, `vars.${step.variable}.status`] : [],
  )
  return { names: [...new Set(names)], isOpen: steps.some(({ type }) => type === 'bot') }
}

/** The step that a refusal is about, and its field: `actions[2].queueId`. */
export function placeOf(field: string | undefined): { at: number; field: string } | undefined {
  const [, at, name = ''] = /^actions\[(\d+)\]\.?(.*)$/.exec(field ?? '') ?? []
  return at === undefined ? undefined : { at: Number(at), field: name }
}

export function isSame(one: readonly Action[], other: readonly Action[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Whether a secret is stored for the step: a bot's own, or that of the header. */
export function isKept(saved: readonly Action[], id: string, header?: string): boolean {
  const step = saved.find((one) => one.id === id)
  if (step?.type === 'bot') return header === undefined && step.secret === null
  if (step?.type !== 'web-request') return false
  return (step.headers ?? []).some(
    ({ name, value }) => name.toLowerCase() === header?.toLowerCase() && value === null,
  )
}
