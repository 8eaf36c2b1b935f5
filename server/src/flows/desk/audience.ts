/** Who is connected to this node, and which accounts each may see. */
import { sha256 } from '@patchbay/kit/crypto.ts'
import type { OfferCard, ViewCounts } from '@patchbay/protocol/api/interactions.ts'
import type { PresenceState } from '@patchbay/protocol/api/session.ts'
import type { Popup } from '@patchbay/protocol/api/triggers.ts'
import type { Standing } from '../../access/standing.ts'
import type { Client } from './client.ts'

/** A user with at least one socket here. */
export interface Member {
  readonly userId: number
  fullname: string
  /** null: every account. */
  accountIds: ReadonlySet<number> | null
  readonly clients: Set<Client>
  /** What the clients were told last. */
  offers: OfferCard[]
  popups: Popup[]
  presence: Omit<PresenceState, 'slotsUsed'> | undefined
  slotsUsed: number
  counts: ViewCounts | undefined
}

export interface Audience {
  readonly members: ReadonlyMap<number, Member>
  join(client: Client, standing: Standing): Member
  leave(client: Client): void
  /** Answers the accounts that the member no longer sees, and whether anything changed. */
  restate(member: Member, standing: Standing): { lost: number[]; isChanged: boolean }
  /** Everybody who sees the account. */
  of(accountId: number): Iterable<Member>
  /** Accounts that somebody here sees; null: all. */
  accountIds(): number[] | null
}

export function createAudience(): Audience {
  const members = new Map<number, Member>()
  const ofAccount = new Map<number, Set<Member>>()
  const ofAll = new Set<Member>()

  const place = (member: Member): void => {
    if (member.accountIds === null) ofAll.add(member)
    for (const accountId of member.accountIds ?? []) {
      const some = ofAccount.get(accountId)
      if (some) some.add(member)
      else ofAccount.set(accountId, new Set([member]))
    }
  }
  const displace = (member: Member): void => {
    ofAll.delete(member)
    for (const accountId of member.accountIds ?? []) {
      const some = ofAccount.get(accountId)
      some?.delete(member)
      if (some?.size === 0) ofAccount.delete(accountId)
    }
  }
  const restate: Audience['restate'] = (member, { fullname, accountIds }) => {
    member.fullname = fullname
    const before = member.accountIds
    if (isEqual(before, accountIds)) return { lost: [], isChanged: false }
    displace(member)
    member.accountIds = accountIds
    place(member)
    const seen = before ?? new Set(ofAccount.keys())
    return { lost: accountIds ? [...seen].filter((id) => !accountIds.has(id)) : [], isChanged: true }
  }

  return {
    members,
    restate,
    join(client, standing) {
      const known = members.get(client.userId)
      if (known) {
        known.clients.add(client)
        return known
      }
      const member: Member = {
        userId: client.userId,
        fullname: standing.fullname,
        accountIds: standing.accountIds,
        clients: new Set([client]),
        offers: [],
        popups: [],
        presence: undefined,
        slotsUsed: 0,
        counts: undefined,
      }
      members.set(client.userId, member)
      place(member)
      return member
    },
    leave(client) {
      const member = members.get(client.userId)
      if (!member?.clients.delete(client) || member.clients.size > 0) return
      members.delete(client.userId)
      displace(member)
    },
    *of(accountId) {
      yield* ofAll
      yield* ofAccount.get(accountId) ?? []
    },
    accountIds: () => (ofAll.size > 0 ? null : [...ofAccount.keys()]),
  }
}

/** A word for the accounts that a member sees. */
export function sightOf({ accountIds }: Member): string {
  if (accountIds === null) return 'all'
  return sha256([...accountIds].sort((a, b) => a - b).join())
    .toString('base64url')
    .slice(0, 12)
}

export function sees(member: Member, accountId: number): boolean {
  return member.accountIds === null || member.accountIds.has(accountId)
}

function isEqual(a: ReadonlySet<number> | null, b: ReadonlySet<number> | null): boolean {
  if (a === null || b === null) return a === b
  return a.size === b.size && a.isSubsetOf(b)
}
