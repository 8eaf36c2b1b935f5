/** How each kind of thing is locked, gives its place to another one, and goes. */

import { addChore } from '@patchbay/kit/chores.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Use, UsePlace } from '@patchbay/protocol/uses.ts'
import type { Caller } from '../../access/endpoint.ts'
import * as accounts from '../../accounts/accounts.ts'
import {
  type KeptStep,
  replaceInActions,
  replaceList,
  replaceMapKey,
  replaceTeam,
} from '../../accounts/replace.ts'
import * as fields from '../../contacts/fields.ts'
import * as lists from '../../contacts/lists.ts'
import { moveAllContacts } from '../../contacts/move-contacts.ts'
import * as tags from '../../contacts/tags.ts'
import type { Tx } from '../../db.ts'
import * as dispositions from '../../dispositions/dispositions.ts'
import * as interactions from '../../interactions/interactions.ts'
import { MOVE_DISPOSITIONS } from '../../interactions/move-dispositions.ts'
import { lockInterval, removeInterval } from '../../intervals/intervals.ts'
import * as roles from '../../people/roles.ts'
import { replaceRoleInSettings } from '../../people/sign-in-settings.ts'
import * as teams from '../../people/teams.ts'
import type { Changed } from '../../push/ring.ts'
import * as entries from '../../routing/entries.ts'
import * as queues from '../../routing/queues.ts'
import * as skills from '../../routing/skills.ts'
import { replaceInTriggers } from '../../triggers/replace.ts'
import { type UsedKind, usesOf } from '../../views/uses.ts'
import { removeAccount } from './delete-account.ts'
import { moveWaiting } from './move-waiting.ts'

/** What is to be told after the commit. */
export interface Notes {
  /** Users whose role or memberships changed. */
  rights: Set<number>
  users: Set<number>
  interactions: Set<number>
  route: boolean
}

export interface Move {
  tx: Tx
  caller: Caller
  /** It, and what goes with it. */
  ids: readonly number[]
  from: number
  to: number
  uses: readonly Use[]
  notes: Notes
}

interface Kind {
  changed: Changed
  /** The interactions that wait for it. */
  waiting?(tx: Tx, id: number): Promise<number[]>
  /** Against being named anew; answers it and what goes with it. */
  lock(tx: Tx, caller: Caller, id: number): Promise<readonly number[]>
  /** Refuses one that cannot take the place. */
  lockReplacement(tx: Tx, caller: Caller, ids: { from: number; to: number }): Promise<void>
  move(move: Move): Promise<void>
  removeOne(tx: Tx, caller: Caller, id: number, replacedBy: number | null, notes: Notes): Promise<void>
}

export const kinds: Readonly<Record<Exclude<UsedKind, 'user'>, Kind>> = {
  queue: {
    changed: 'queues',
    waiting: (tx, queueId) => entries.waitingFor(tx, { queueId }),
    ...lockedBy(queues.lockQueue),
    async move(move) {
      const { tx, caller, from, to, uses, notes } = move
      await replaceInActions(tx, caller, idsOf(uses, 'flow'), swap('queueId', [from], to))
      await replaceInTriggers(tx, caller, idsOf(uses, 'trigger'), ({ actions }) => ({
        actions: actions.map((action) =>
          action.type === 'queue' && action.queueId === from ? { ...action, queueId: to } : action,
        ),
      }))
      await dispositions.moveScope(tx, 'queue_id', from, to)
      await interactions.replaceQueue(tx, from, to)
      const { name } = await queues.lockQueue(tx, to)
      await moveWaiting(tx, caller, notes, { queueId: from }, { queueId: to }, { queue: name })
    },
    removeOne: queues.removeQueue,
  },

  account: {
    changed: 'accounts',
    lock: async (tx, caller, id) => {
      await accounts.lockWhole(tx, caller, id)
      return [id]
    },
    lockReplacement: async (tx, caller, { to }) => void (await accounts.lockWhole(tx, caller, to)),
    async move({ tx, caller, from, to, uses }) {
      await replaceInTriggers(tx, caller, idsOf(uses, 'trigger'), ({ account_ids }) => ({
        accountIds: [...new Set((account_ids ?? []).map((id) => (id === from ? to : id)))],
      }))
      await dispositions.moveScope(tx, 'account_id', from, to)
    },
    async removeOne(tx, caller, id, replacedBy, notes) {
      const left = await usesOf(tx, 'account', [id])
      await replaceInTriggers(tx, caller, idsOf(left, 'trigger'), ({ account_ids }) => ({
        accountIds: (account_ids ?? []).filter((one) => one !== id),
      }))
      await dispositions.removeOfAccount(tx, id)
      for (const userId of await removeAccount(tx, caller, id, replacedBy)) notes.rights.add(userId)
    },
  },

  interval: {
    changed: 'intervals',
    ...lockedBy(lockInterval),
    async move({ tx, caller, from, to, uses }) {
      await replaceInActions(tx, caller, idsOf(uses, 'flow'), swap('intervalId', [from], to))
      await replaceInTriggers(tx, caller, idsOf(uses, 'trigger'), () => ({ intervalId: to }))
    },
    removeOne: removeInterval,
  },

  list: {
    changed: 'lists',
    lock: async (tx, _, id) => {
      await lists.lockList(tx, id)
      return [id]
    },
    lockReplacement: (tx, _, { to }) => lists.requireList(tx, to),
    async move({ tx, caller, from, to }) {
      // Fields first: the flows of the accounts may name them.
      await lists.moveFields(tx, from, to)
      await replaceList(tx, caller, from, to)
      await dispositions.moveScope(tx, 'list_id', from, to)
      await moveAllContacts(tx, from, to)
    },
    async removeOne(tx, caller, id, replacedBy) {
      // A deleted account keeps its interactions, not its list.
      await accounts.moveDeletedAccounts(tx, id, replacedBy ?? (await lists.lockList(tx, id)))
      await lists.removeList(tx, caller, id, replacedBy)
    },
  },

  team: {
    changed: 'teams',
    waiting: (tx, teamId) => entries.waitingFor(tx, { teamId }),
    ...lockedBy(teams.lock),
    async move({ tx, caller, from, to, notes }) {
      const { name, moved } = await teams.join(tx, caller, from, to)
      for (const userId of moved) notes.rights.add(userId)
      await replaceTeam(tx, caller, from, to)
      await queues.replaceTeamInQueues(tx, caller, from, to)
      await moveWaiting(tx, caller, notes, { teamId: from }, { teamId: to }, { team: name })
    },
    async removeOne(tx, caller, id, replacedBy, notes) {
      for (const userId of await teams.remove(tx, caller, id, replacedBy)) notes.rights.add(userId)
    },
  },

  tag: {
    changed: 'tags',
    ...lockedBy(tags.lockTag),
    async move({ tx, caller, from, to, uses }) {
      const others = (ids: readonly number[]) => [...new Set(ids.map((id) => (id === from ? to : id)))]
      await replaceInActions(tx, caller, idsOf(uses, 'flow'), (step) =>
        Array.isArray(step.tagIds) ? { ...step, tagIds: others(step.tagIds as number[]) } : step,
      )
      await replaceInTriggers(tx, caller, idsOf(uses, 'trigger'), ({ actions }) => ({
        actions: actions.map((action) =>
          action.type === 'tag' ? { ...action, tagIds: others(action.tagIds) } : action,
        ),
      }))
      await interactions.replaceTag(tx, from, to)
    },
    removeOne: tags.removeTag,
  },

  field: {
    changed: 'lists',
    lock: lockedBy(fields.lockField).lock,
    async lockReplacement(tx, _, { from, to }) {
      const [gone, other] = [await fields.lockField(tx, from), await fields.lockField(tx, to)]
      const refuse = (detail: string) => new Refusal('GE-101', detail, { field: 'replaceBy' })
      if (other.type !== gone.type)
        throw refuse(`The replacement is of the type ${other.type}, the field of the type ${gone.type}.`)
      if (other.listId !== null && other.listId !== gone.listId)
        throw refuse('The replacement is a field of fewer contacts.')
      const lacking = gone.options.filter((option) => !other.options.includes(option))
      if (lacking.length > 0) throw refuse(`The replacement lacks the options ${lacking.join(', ')}.`)
    },
    async move({ tx, caller, from, to, uses }) {
      const rename = <T>(value: T): T =>
        JSON.parse(
          JSON.stringify(value).replace(new RegExp(`contact\\.cf_${from}(?![0-9])`, 'g'), `contact.cf_${to}`),
        )
      await replaceInActions(tx, caller, idsOf(uses, 'flow'), rename)
      await replaceMapKey(tx, caller, from, to)
      await replaceInTriggers(tx, caller, idsOf(uses, 'trigger'), ({ actions, conditions }) =>
        rename({ actions, conditions }),
      )
      await fields.moveValues(tx, from, to)
    },
    removeOne: fields.removeField,
  },

  skill: {
    changed: 'queues',
    ...lockedBy(skills.lockSkill),
    async move({ tx, caller, from, to, notes }) {
      await queues.replaceSkillInQueues(tx, caller, from, to)
      await skills.replaceSkillOfUsers(tx, from, to)
      notes.route = true
    },
    removeOne: skills.removeSkill,
  },

  role: {
    changed: 'users',
    lock: async (tx, caller, id) => {
      await roles.lockRemovable(tx, caller, id)
      return [id]
    },
    lockReplacement: async (tx, _, { to }) => void (await roles.lock(tx, to)),
    async move({ tx, caller, from, to, notes }) {
      for (const userId of await roles.replace(tx, caller, from, to)) notes.rights.add(userId)
      for (const userId of await replaceRoleInSettings(tx, caller, from, to)) notes.rights.add(userId)
    },
    removeOne: roles.remove,
  },

  disposition: {
    changed: 'dispositions',
    lock: (tx, _, id) => dispositions.lockBranch(tx, id),
    lockReplacement: async (tx, _, { to }) => void (await dispositions.lockBranch(tx, to)),
    async move({ tx, caller, ids, to, uses }) {
      await replaceInActions(tx, caller, idsOf(uses, 'flow'), swap('dispositionId', ids, to))
      // Many interactions may count with it: they follow in the background, so that nothing waits for their locks.
      await addChore(tx, MOVE_DISPOSITIONS, { ids, replacementId: to })
    },
    removeOne: dispositions.remove,
  },
}

function lockedBy(lockOne: (tx: Tx, id: number) => Promise<unknown>): Pick<Kind, 'lock' | 'lockReplacement'> {
  return {
    lock: async (tx, _, id) => {
      await lockOne(tx, id)
      return [id]
    },
    lockReplacement: async (tx, _, { to }) => void (await lockOne(tx, to)),
  }
}

function idsOf(uses: readonly Use[], where: UsePlace): number[] {
  return uses.flatMap(({ place, id }) => (place === where && id !== null ? [id] : []))
}

function swap(member: string, gone: readonly number[], to: number): (step: KeptStep) => KeptStep {
  return (step) => (gone.includes(step[member] as number) ? { ...step, [member]: to } : step)
}
