/** The way of a message as the steps of a timeline: from the channel to the agent, and the answer back. */

import type { CloudLogEntry, CloudWay } from '@patchbay/protocol/api/cloud-log.ts'
import type { WayStep } from '@patchbay/protocol/api/way.ts'
import type { CloudSaid } from '@patchbay/protocol/cloud-said.ts'

export interface Hop {
  id: 'happened' | 'arrived' | 'taken' | WayStep['step'] | 'untold' | 'answer' | 'sent'
  /** Null: it is waited for. */
  at: string | null
  queue?: string | null
  count?: number | null
  /** Why it has not come about, or will not. */
  reason?: CloudSaid | null
  isFailed?: boolean
}

const waited = (id: Hop['id']): Hop => ({ id, at: null })

/** Undefined: no message came yet. What was not reached is waited for, in its order. */
export function hopsOf(way: CloudWay | undefined): Hop[] {
  if (!way) return [waited('arrived'), waited('taken'), waited('opened'), waited('queued'), waited('answer')]
  const { entry, steps, untold, answer } = way
  const here: Hop[] = [
    { id: 'happened', at: entry.happenedAt },
    { id: 'arrived', at: entry.arrivedAt },
    settled('taken', entry),
  ]
  return [...here, ...thereOf(entry, steps, untold), ...backOf(entry, answer)]
}

function settled(id: Hop['id'], { state, endedAt, reason }: CloudLogEntry): Hop {
  return { id, at: state === 'waiting' ? null : endedAt, reason, isFailed: state === 'failed' }
}

function thereOf(entry: CloudLogEntry, steps: CloudWay['steps'], untold: CloudWay['untold']): Hop[] {
  if (entry.state === 'failed') return []
  if (untold !== null) return [{ id: 'untold', at: null, reason: untold }]
  // That it was answered is told by the answer itself.
  const told = (steps ?? [])
    .filter(({ step }) => step !== 'answered')
    .map(({ step, ...more }) => ({ id: step, ...more }))
  if (told.length === 0) return [waited('opened'), waited('queued')]
  const isRouted = told.some(({ id }) => id === 'queued' || id === 'offered' || id === 'assigned')
  return isRouted || told.some(({ id }) => id === 'closed') ? told : [...told, waited('queued')]
}

function backOf(entry: CloudLogEntry, answer: CloudLogEntry | null): Hop[] {
  if (entry.state === 'failed') return []
  if (!answer) return [waited('answer')]
  return [{ id: 'answer', at: answer.arrivedAt }, settled('sent', answer)]
}

/** Nothing more will come of it. */
export function isWhole(way: CloudWay | undefined): boolean {
  if (!way) return false
  return way.entry.state === 'failed' || (way.answer !== null && way.answer.state !== 'waiting')
}
