/** Tells each desk what is its user's own: offers, pop-ups, presence, and the numbers beside the views. Only what changed is sent. */

import type { Pool } from '@patchbay/kit/database.ts'
import type { Log } from '@patchbay/kit/log.ts'
import type { OfferCard, ViewCounts } from '@patchbay/protocol/api/interactions.ts'
import type { Popup } from '@patchbay/protocol/api/triggers.ts'
import type { ServerMessage } from '@patchbay/protocol/push.ts'
import type { Db } from '../../db.ts'
import type { TriggerWatch } from '../../triggers/watch.ts'
import type { Board } from '../../views/board.ts'
import { endsOf, openOffers } from '../../views/offer-cards.ts'
import { openPopups } from '../../views/popups.ts'
import { preparedPresences } from '../../views/presences.ts'
import { type Audience, type Member, sees } from './audience.ts'
import { type Client, frame, send } from './client.ts'
import { coalesce } from './coalesce.ts'

export interface People {
  /** Resolves when the user's desks know his offers and presence as they are now. */
  changed(userIds: Iterable<number>): Promise<void>
  /** Looks after all, a few at a time. */
  everybody(): void
  /** Where interactions came, went or changed hands. */
  counted(accountIds: Iterable<number>): void
  /** Sends one desk everything, whatever was sent before. */
  greet(client: Client, member: Member): void
  close(): Promise<void>
}

const TICK_MS = 20
/** Of those who are only looked after: an offer that was rung waits no longer than it takes to read for so many. */
const SLICE = 50
const COUNTS_MS = 250

export interface PeopleOptions {
  db: Db
  pool: Pool
  log: Log
  board: Board
  audience: Audience
  triggers: Pick<TriggerWatch, 'isOn'>
}

export function createPeople({ db, pool, log, board, audience, triggers }: PeopleOptions): People {
  const pending = new Set<number>()
  const looked = new Set<number>()
  const touched = new Set<number>()

  const tick = coalesce(
    async () => {
      const rung = [...pending]
      pending.clear()
      for (const id of rung) looked.delete(id)
      const after = [...looked.values().take(SLICE)]
      for (const id of after) looked.delete(id)
      try {
        await look(rung.concat(after).filter((id) => audience.members.has(id)))
      } catch (error) {
        for (const id of rung) pending.add(id)
        for (const id of after) looked.add(id)
        throw error
      }
      if (looked.size > 0) void tick.wake()
    },
    TICK_MS,
    (error) => log.warn({ err: error }, 'offers and presence could not be read; the desks wait for them'),
  )

  const look = async (ids: readonly number[]): Promise<void> => {
    if (ids.length === 0) return
    const [offers, presences, popups] = await Promise.all([
      openOffers({ db, pool }, ids),
      preparedPresences({ db, pool }, ids),
      triggers.isOn() ? openPopups(db, ids, maySee) : null,
    ])
    const ended = ids.flatMap((id) => missing(audience.members.get(id)?.offers ?? [], offers.get(id) ?? []))
    const ends = await endsOf({ db, pool }, ended)
    for (const id of ids) {
      const member = audience.members.get(id)
      if (!member) continue
      tellOffers(member, offers.get(id) ?? [], ends)
      if (popups || member.popups.length > 0) tellPopups(member, popups?.get(id) ?? [])
      const presence = presences.get(id)
      const slotsUsed = board.slotsUsed(id)
      if (!presence || (isSame(presence, member.presence) && slotsUsed === member.slotsUsed)) continue
      Object.assign(member, { presence, slotsUsed })
      tellAll(member, { type: 'presence', presence: { ...presence, slotsUsed } })
    }
  }

  const maySee = (userId: number, accountId: number): boolean => {
    const member = audience.members.get(userId)
    return member !== undefined && sees(member, accountId)
  }

  const counting = coalesce(
    async () => {
      const members = new Set([...touched].flatMap((accountId) => [...audience.of(accountId)]))
      touched.clear()
      for (const member of members) recount(member)
    },
    COUNTS_MS,
    (error) => log.warn({ err: error }, 'the numbers beside the views could not be told'),
  )

  const recount = (member: Member): void => {
    const counts = board.counts(member.userId, member.accountIds)
    if (!areEqual(counts, member.counts)) {
      member.counts = counts
      tellAll(member, { type: 'counts', counts })
    }
    const slotsUsed = board.slotsUsed(member.userId)
    if (member.presence && slotsUsed !== member.slotsUsed) {
      member.slotsUsed = slotsUsed
      tellAll(member, { type: 'presence', presence: { ...member.presence, slotsUsed } })
    }
  }

  return {
    changed(userIds) {
      for (const id of userIds) if (audience.members.has(id)) pending.add(id)
      return pending.size > 0 ? tick.wake() : Promise.resolve()
    },
    everybody() {
      for (const member of audience.members.values()) recount(member)
      for (const id of audience.members.keys()) looked.add(id)
      if (looked.size > 0) void tick.wake()
    },
    counted(accountIds) {
      for (const accountId of accountIds) touched.add(accountId)
      void counting.wake()
    },
    greet(client, member) {
      member.counts = board.counts(member.userId, member.accountIds)
      send(client, frame({ type: 'counts', counts: member.counts }))
      send(client, frame({ type: 'offers', offers: member.offers, ended: [] }))
      send(client, frame({ type: 'popups', popups: member.popups }))
      if (!member.presence) return
      const presence = { ...member.presence, slotsUsed: member.slotsUsed }
      send(client, frame({ type: 'presence', presence }))
    },
    async close() {
      await Promise.all([tick.close(), counting.close()])
    },
  }
}

function tellOffers(member: Member, offers: OfferCard[], ends: Awaited<ReturnType<typeof endsOf>>): void {
  const ended = missing(member.offers, offers).flatMap((id) => ends.get(id) ?? [])
  const isChanged = ended.length > 0 || !isSame(offers.map(withoutNow), member.offers.map(withoutNow))
  member.offers = offers
  if (isChanged) tellAll(member, { type: 'offers', offers, ended })
}

function tellPopups(member: Member, popups: Popup[]): void {
  const isChanged = popups.map(({ id }) => id).join() !== member.popups.map(({ id }) => id).join()
  member.popups = popups
  if (isChanged) tellAll(member, { type: 'popups', popups })
}

function tellAll(member: Member, message: ServerMessage): void {
  const data = frame(message)
  for (const client of member.clients) if (client.isSynced) send(client, data)
}

function missing(before: readonly OfferCard[], after: readonly OfferCard[]): number[] {
  const open = new Set(after.map(({ id }) => id))
  return before.flatMap(({ id }) => (open.has(id) ? [] : id))
}

function withoutNow({ now, ...card }: OfferCard): Omit<OfferCard, 'now'> {
  return card
}

function areEqual(a: ViewCounts, b: ViewCounts | undefined): boolean {
  return b !== undefined && a.mine === b.mine && a.waiting === b.waiting && a.team === b.team
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
