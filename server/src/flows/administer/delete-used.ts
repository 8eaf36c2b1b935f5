/** delete used: what others may name goes only when nothing is left that names it, or with another of its kind in its place. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { DeleteQuery, Use } from '@patchbay/protocol/uses.ts'
import type { Caller } from '../../access/endpoint.ts'
import type { Directory } from '../../accounts/directory.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import type { TriggerWatch } from '../../triggers/watch.ts'
import { shownTo, type UsedKind, usesOf } from '../../views/uses.ts'
import { holdWaiting, patiently } from './move-waiting.ts'
import { kinds, type Notes } from './replace.ts'
import { announce } from './save-account.ts'

type DeletedKind = Exclude<UsedKind, 'user'>

export type Deletion = (kind: DeletedKind, caller: Caller, id: number, how: DeleteQuery) => Promise<void>

export function createDeletion(ctx: Context, directory: Directory, watch: TriggerWatch): Deletion {
  return async (kind, caller, id, how) => {
    let notes: Notes = nothing()
    const work = async (tx: Tx): Promise<void> => {
      notes = nothing()
      await remove(tx, kind, caller, id, how, notes)
    }
    await patiently(ctx.db, work)

    for (const userId of notes.rights) ctx.gatekeeper.forget(userId)
    ctx.push.ring({
      changed: kinds[kind].changed,
      interactions: notes.interactions,
      users: notes.users,
      route: notes.route || notes.rights.size > 0,
    })
    if (how.replaceBy === undefined) return
    ctx.push.ring({ changed: 'triggers' })
    await watch.refresh()
    await announce(ctx, directory)
  }
}

function nothing(): Notes {
  return { rights: new Set(), users: new Set(), interactions: new Set(), route: false }
}

async function remove(
  tx: Tx,
  kind: DeletedKind,
  caller: Caller,
  id: number,
  { replaceBy, drop = true }: DeleteQuery,
  notes: Notes,
): Promise<void> {
  const { waiting, lock, lockReplacement, move, removeOne } = kinds[kind]
  if (waiting && replaceBy !== undefined) await holdWaiting(tx, await waiting(tx, id))
  // Whoever names it holds it until his commit, so that under this lock the answer is final.
  const ids = await lock(tx, caller, id)
  const uses = await usesOf(tx, kind, ids)
  if (replaceBy === undefined) {
    if (uses.some(({ mustMove }) => mustMove || !drop)) throw stillUsed(await shownTo(tx, caller, uses))
  } else {
    if (ids.includes(replaceBy)) throw unusable('What is deleted cannot take its own place.')
    await lockReplacement(tx, caller, { from: id, to: replaceBy }).catch(refuseUnknown)
    await move({ tx, caller, ids, from: id, to: replaceBy, uses, notes })
  }
  await removeOne(tx, caller, id, replaceBy ?? null, notes)
}

function unusable(detail: string): Refusal {
  return new Refusal('GE-101', detail, { field: 'replaceBy' })
}

function refuseUnknown(error: unknown): never {
  if (error instanceof Refusal && error.code === 'GE-105') throw unusable(error.detail)
  throw error
}

const TOLD = 5
const LISTED = 100

function stillUsed(uses: readonly Use[]): Refusal {
  const told = uses.slice(0, TOLD).map(inWords)
  const more = uses.length > TOLD ? ` and ${uses.length - TOLD} more` : ''
  const how = uses.some(({ mustMove }) => mustMove) ? '' : ', or drop it there'
  return new Refusal('GE-103', `It is used by ${told.join(', ')}${more}. Name a replacement${how}.`, {
    extra: { uses: uses.slice(0, LISTED) },
  })
}

function inWords({ place, name, count }: Use): string {
  switch (place) {
    case 'flow':
      return name === '' ? 'the actions of an account' : `the actions of “${name}”`
    case 'waiting':
      return `${count} waiting interactions`
    case 'contacts':
    case 'interactions':
    case 'users':
      return `${count} ${place}`
    case 'sign-in':
      return 'the rules of signing in'
    default:
      return `the ${place} “${name}”`
  }
}
