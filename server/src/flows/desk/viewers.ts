/** Who looks at a thread, and who is writing in it, on all nodes: told to those who look at it too, kept nowhere. */
import type { Push } from '../../push/push.ts'
import type { Viewer, Viewing } from '../../push/ring.ts'
import type { Audience } from './audience.ts'
import { type Client, frame, send } from './client.ts'
import type { Threads } from './threads.ts'

export interface Viewers {
  /** Somebody came to the thread or left it. */
  changed(interactionId: number): void
  typing(client: Client, interactionId: number): void
  heard(viewing: readonly Viewing[]): void
  /** Call it every second. */
  sweep(now: number): void
}

const TYPING_MS = 5_000
// Nodes say again who looks, so that what a dead node said last is forgotten in the end.
const SAY_AGAIN_MS = 60_000
const FORGET_MS = 150_000
const SAID_AGAIN_PER_SWEEP = 50

interface Known {
  users: readonly Viewer[]
  at: number
}

export function createViewers(options: {
  push: Pick<Push, 'ring' | 'node'>
  audience: Audience
  threads: Threads
}): Viewers {
  const { push, audience, threads } = options
  const node = push.node
  /** By interaction and node. */
  const known = new Map<number, Map<string, Known>>()
  /** By interaction and user: until when. */
  const typing = new Map<number, Map<number, number>>()

  const changed = (interactionId: number): void => {
    const users = new Map<number, Viewer>()
    for (const { userId, standing } of threads.clientsOf(interactionId)) {
      if (standing.isViewed) continue
      const fullname = audience.members.get(userId)?.fullname ?? ''
      users.set(userId, { id: userId, fullname, typing: typing.get(interactionId)?.has(userId) ?? false })
    }
    push.ring({ viewing: { node, interactionId, users: [...users.values()] } })
  }

  const tell = (interactionId: number): void => {
    const users = new Map<number, Viewer>()
    for (const [, said] of known.get(interactionId) ?? [])
      for (const user of said.users)
        users.set(user.id, { ...user, typing: user.typing || (users.get(user.id)?.typing ?? false) })
    const all = [...users.values()].sort((a, b) => a.id - b.id)
    const data = frame({ type: 'viewers', interactionId, users: all })
    for (const client of threads.clientsOf(interactionId)) if (client.isGreeted) send(client, data)
  }

  const forget = (interactionId: number, from: string): void => {
    const nodes = known.get(interactionId)
    nodes?.delete(from)
    if (nodes?.size === 0) known.delete(interactionId)
  }

  return {
    changed,
    typing(client, interactionId) {
      if (!client.shown.get(interactionId)?.accountId) return
      const users = typing.get(interactionId) ?? new Map<number, number>()
      const wasTyping = users.has(client.userId)
      users.set(client.userId, performance.now() + TYPING_MS)
      typing.set(interactionId, users)
      if (!wasTyping) changed(interactionId)
    },
    heard(viewing) {
      const told = new Set<number>()
      for (const { node: from, interactionId, users } of viewing) {
        const nodes = known.get(interactionId) ?? new Map<string, Known>()
        const before = nodes.get(from)?.users ?? []
        if (users.length === 0) forget(interactionId, from)
        else known.set(interactionId, nodes.set(from, { users, at: performance.now() }))
        // On this node also without a difference: a second tab of the same user has not heard yet.
        if (from === node || JSON.stringify(before) !== JSON.stringify(users)) told.add(interactionId)
      }
      for (const interactionId of told) tell(interactionId)
    },
    sweep(now) {
      for (const [interactionId, users] of typing) {
        const before = users.size
        for (const [userId, until] of users) if (until < now) users.delete(userId)
        if (users.size === 0) typing.delete(interactionId)
        if (users.size < before) changed(interactionId)
      }
      let said = 0
      for (const [interactionId, nodes] of known)
        for (const [from, { at }] of nodes)
          if (from !== node && now - at > FORGET_MS) {
            forget(interactionId, from)
            tell(interactionId)
          } else if (from === node && now - at > SAY_AGAIN_MS && said++ < SAID_AGAIN_PER_SWEEP)
            changed(interactionId)
    },
  }
}
