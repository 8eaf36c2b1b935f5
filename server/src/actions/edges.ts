/** A flow as a graph of its steps: what may follow each, and whether it waits before. */
import type { Action } from '@patchbay/protocol/api/actions.ts'
import type { Flow } from './walk.ts'

export interface Edge {
  /** A place in the flow; one behind its end is the end. */
  to: number
  /** An agent is being rung meanwhile: for seconds at least, every time. */
  waits: boolean
  /** What in the step leads there. */
  field: string
}

/** By the place of each step. Jumps to missing steps lead nowhere. What a bot may answer is not known here. */
export function edgesOf(flow: Flow): Edge[][] {
  const places = new Map(flow.map(({ id }, place) => [id, place]))
  return flow.map((step, place) => {
    const jump = (field: string, id: string | null): Edge[] => {
      const to = id === null ? flow.length : places.get(id)
      return to === undefined ? [] : [{ to, waits: false, field }]
    }
    const on: Edge = { to: place + 1, waits: false, field: 'intervalId' }
    const past = step.intervalId == null ? [] : [on]
    return [...past, ...leading(step, on, jump)]
  })
}

function leading(step: Action, on: Edge, jump: (field: string, id: string | null) => Edge[]): Edge[] {
  switch (step.type) {
    case 'queue':
    case 'agent':
      return step.timeoutSeconds == null ? [] : [{ ...on, waits: true, field: 'timeoutSeconds' }]
    case 'close':
      return []
    case 'go-to':
      return jump('to', step.to)
    case 'go-to-if':
      return [...jump('then', step.then), ...jump('else', step.else)]
    case 'bot':
      return [on, ...(step.onTimeout == null ? [] : jump('onTimeout', step.onTimeout))]
    default:
      return [on]
  }
}
