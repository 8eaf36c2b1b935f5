/** What every part of the simulator works with: the world, its clock, what is set, and who is told. */
import { type Clock, createClock } from './world/clock.ts'
import { type Faults, noFaults, type Switches, usualSwitches } from './world/settings.ts'
import type { World } from './world/world.ts'

/** A call of the Graph API, for those who look on. */
export interface CallNote {
  at: number
  method: string
  path: string
  status: number
  request: unknown
  answer: unknown
}

export interface Box {
  world: World
  clock: Clock
  switches: Switches
  faults: Faults
  /** Where the box itself is reached; known once it listens. */
  origin: string
  /** How long a subscriber may take to answer a delivery. */
  deliveryTimeoutMs: number
  /** Newest last. */
  calls: CallNote[]
  /** Says that something is different: it is saved, and whoever looks on is told. */
  changed(): void
  onChange(listen: () => void): () => void
}

export interface BoxOptions {
  world: World
  deliveryTimeoutMs: number
}

export function createBox({ world, deliveryTimeoutMs }: BoxOptions): Box {
  const listeners = new Set<() => void>()
  return {
    world,
    clock: createClock(world.aheadMs),
    switches: usualSwitches(),
    faults: noFaults(),
    origin: '',
    deliveryTimeoutMs,
    calls: [],
    changed() {
      for (const listen of listeners) listen()
    },
    onChange(listen) {
      listeners.add(listen)
      return () => void listeners.delete(listen)
    },
  }
}
