/** save actions: the flow of an account, checked step by step and as a whole against what it names. */
import { transaction } from '@patchbay/kit/database.ts'
import type { Action, NewAction } from '@patchbay/protocol/api/actions.ts'
import type { Caller } from '../../access/endpoint.ts'
import type { AccountRow } from '../../accounts/account-row.ts'
import * as accounts from '../../accounts/accounts.ts'
import { readActions, refuseStep } from '../../accounts/actions.ts'
import type { Directory } from '../../accounts/directory.ts'
import { findFault } from '../../actions/check.ts'
import { fieldsOf } from '../../contacts/fields.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { disabledUsers, hold } from '../../views/known.ts'
import { announce } from './save-account.ts'

/** Refuses with AC-102 and the step at fault. */
export async function setActions(
  ctx: Context,
  directory: Directory,
  caller: Caller,
  id: number,
  { actions: steps, version }: { actions: readonly NewAction[]; version?: number | undefined },
): Promise<AccountRow> {
  const actions = readActions(steps)
  const row = await transaction(ctx.db, async (tx) => {
    const { list_id: listId } = await accounts.find(tx, caller, id)
    await requireSound(tx, actions, listId)
    return accounts.setActions(tx, ctx.sealingKey, caller, id, actions, version)
  })
  ctx.push.ring({ changed: 'queues' })
  await announce(ctx, directory)
  return row
}

/** Refuses with AC-102 what could never run: also names that name nothing. */
export async function requireSound(tx: Tx, actions: readonly Action[], listId: number): Promise<void> {
  await requireNames(tx, actions)
  const fields = await fieldsOf(tx, listId)
  const fault = findFault(actions, new Set(fields.map(({ id }) => id)))
  if (fault) throw refuseStep(fault.index, fault.field, fault.words)
}

interface Name {
  table: Parameters<typeof hold>[1]
  index: number
  field: string
  id: number
  words: string
}

/** Held until the commit, so that none is deleted before the actions name it. */
async function requireNames(tx: Tx, actions: readonly Action[]): Promise<void> {
  const names = actions.flatMap(namesIn)
  for (const [table, named] of Map.groupBy(names, (name) => name.table)) {
    const known = await hold(tx, table, [...new Set(named.map(({ id }) => id))])
    const unknown = named.find(({ id }) => !known.has(id))
    if (unknown)
      throw refuseStep(unknown.index, unknown.field, `${unknown.words} ${unknown.id}, which does not exist.`)
    const disabled = table === 'app_user' ? await disabledUsers(tx, [...known]) : new Map<number, string>()
    const absent = named.find(({ id }) => disabled.has(id))
    if (absent)
      throw refuseStep(absent.index, absent.field, `rings ${disabled.get(absent.id)}, who is disabled.`)
  }
}

function namesIn(step: Action, index: number): Name[] {
  const { intervalId } = step
  return [
    ...(intervalId == null
      ? []
      : [
          {
            table: 'business_interval' as const,
            index,
            field: 'intervalId',
            id: intervalId,
            words: 'is limited to interval',
          },
        ]),
    ...ownNames(step).map((name) => ({ ...name, index })),
  ]
}

function ownNames(step: Action): Omit<Name, 'index'>[] {
  switch (step.type) {
    case 'queue':
      return [{ table: 'queue', field: 'queueId', id: step.queueId, words: 'names queue' }]
    case 'agent':
      return [{ table: 'app_user', field: 'userId', id: step.userId, words: 'names user' }]
    case 'tag':
      return step.tagIds.map((id, nr) => ({ table: 'tag', field: `tagIds[${nr}]`, id, words: 'names tag' }))
    case 'close':
      return step.dispositionId == null
        ? []
        : [
            {
              table: 'disposition',
              field: 'dispositionId',
              id: step.dispositionId,
              words: 'closes with disposition',
            },
          ]
    default:
      return []
  }
}
