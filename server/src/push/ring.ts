/** What a doorbell carries: which things changed, never what they changed to, so that a ring may be merged, repeated or lost. */
import type { ServerMessage } from '@patchbay/protocol/push.ts'

export type Changed = Extract<ServerMessage, { type: 'changed' }>['what']

export interface Viewer {
  id: number
  fullname: string
  typing: boolean
}

/** All who look at an interaction on one node now; the next one of that node replaces it. Kept nowhere. */
export interface Viewing {
  node: string
  interactionId: number
  users: readonly Viewer[]
}

/** What a writer rings after its commit. */
export interface Ring {
  /** Interactions with new events. */
  interactions?: Iterable<number> | undefined
  /** Users whose offers, presence or own data changed. */
  users?: Iterable<number> | undefined
  /** Something to route, or an agent became free. */
  route?: boolean | undefined
  /** Agents who have a slot again, and nothing else to route. Other nodes are not told: their slow poll finds what this one leaves. */
  freed?: Iterable<number> | undefined
  /** A delivery is due. */
  deliver?: boolean | undefined
  /** A bot or a web request is to be called. */
  call?: boolean | undefined
  /** Settings that the desk keeps changed. */
  changed?: Changed | undefined
  echo?: { accountId: number; echoId: number } | undefined
  /** Users whose sessions, keys, role or memberships changed: their sockets are checked again. */
  rights?: Iterable<number> | undefined
  viewing?: Viewing | undefined
  /** Interactions whose customer is typing. */
  typing?: Iterable<number> | undefined
}

/** What a listener hears: rings merged. */
export interface Rung {
  interactions: Set<number>
  users: Set<number>
  freed: Set<number>
  route: boolean
  deliver: boolean
  call: boolean
  changed: Set<Changed>
  echoes: { accountId: number; echoId: number }[]
  rights: Set<number>
  viewing: Viewing[]
  typing: Set<number>
  /** More changed than could be named, or rings may have been lost: look for yourself, as the slow poll does. */
  look: boolean
}

export function silence(): Rung {
  return {
    interactions: new Set(),
    users: new Set(),
    freed: new Set(),
    route: false,
    deliver: false,
    call: false,
    changed: new Set(),
    echoes: [],
    rights: new Set(),
    viewing: [],
    typing: new Set(),
    look: false,
  }
}

export function mergeRing(into: Rung, ring: Ring): void {
  for (const id of ring.interactions ?? []) into.interactions.add(id)
  for (const id of ring.users ?? []) into.users.add(id)
  for (const id of ring.freed ?? []) into.freed.add(id)
  for (const id of ring.rights ?? []) into.rights.add(id)
  for (const id of ring.typing ?? []) into.typing.add(id)
  if (ring.route) into.route = true
  if (ring.deliver) into.deliver = true
  if (ring.call) into.call = true
  if (ring.changed) into.changed.add(ring.changed)
  if (ring.echo) into.echoes.push(ring.echo)
  if (ring.viewing) into.viewing.push(ring.viewing)
}

const MAX_IDS = 4000
const MAX_PASSING = 200

/** Keeps what gathers during an outage of the database small: ids too many to name become `look`. */
export function boundRung(rung: Rung): void {
  for (const ids of [rung.interactions, rung.users, rung.freed, rung.rights])
    if (ids.size > MAX_IDS) {
      ids.clear()
      rung.look = true
    }
  if (rung.echoes.length > MAX_PASSING) rung.echoes.length = 0
  if (rung.viewing.length > MAX_PASSING) rung.viewing.length = 0
  if (rung.typing.size > MAX_PASSING) rung.typing.clear()
}

/** One line of JSON of at most `maxBytes`, all of it ASCII but for names. Lists that do not fit become `look`. */
export function encode(node: string, rung: Rung, maxBytes: number): string {
  const essence = {
    n: node,
    ...(rung.route && { r: 1 }),
    ...(rung.deliver && { d: 1 }),
    ...(rung.call && { k: 1 }),
    ...(rung.look && { l: 1 }),
    ...(rung.changed.size > 0 && { c: [...rung.changed] }),
  }
  const ids = {
    ...(rung.interactions.size > 0 && { i: [...rung.interactions] }),
    ...(rung.users.size > 0 && { u: [...rung.users] }),
    ...(rung.rights.size > 0 && { s: [...rung.rights] }),
  }
  const passing = {
    ...(rung.echoes.length > 0 && { e: rung.echoes }),
    ...(rung.viewing.length > 0 && { v: rung.viewing }),
    ...(rung.typing.size > 0 && { t: [...rung.typing] }),
  }
  for (const parts of [
    { ...essence, ...ids, ...passing },
    { ...essence, ...ids },
  ]) {
    const text = JSON.stringify(parts)
    if (Buffer.byteLength(text) <= maxBytes) return text
  }
  return JSON.stringify({ ...essence, l: 1 })
}

interface Wire {
  n: string
  r?: 1
  d?: 1
  k?: 1
  l?: 1
  c?: Changed[]
  i?: number[]
  u?: number[]
  s?: number[]
  e?: { accountId: number; echoId: number }[]
  v?: Viewing[]
  t?: number[]
}

/** Throws when the text is none that `encode` made. */
export function decode(text: string): { node: string; rung: Rung } {
  const wire = JSON.parse(text) as Wire
  return {
    node: wire.n,
    rung: {
      interactions: new Set(wire.i),
      users: new Set(wire.u),
      freed: new Set(),
      route: wire.r === 1,
      deliver: wire.d === 1,
      call: wire.k === 1,
      changed: new Set(wire.c),
      echoes: wire.e ?? [],
      rights: new Set(wire.s),
      viewing: wire.v ?? [],
      typing: new Set(wire.t),
      look: wire.l === 1,
    },
  }
}
