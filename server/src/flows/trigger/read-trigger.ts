/** Whether a trigger that is to be saved can do what it says: refuses with TR-101 and the field at fault. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Condition } from '@patchbay/protocol/api/actions.ts'
import {
  type TriggerAction,
  type TriggerActionType,
  triggerActions,
  triggerActionTypes,
} from '@patchbay/protocol/api/triggers.ts'
import { Compile } from 'typebox/compile'
import { isOwnHeader } from '../../actions/check.ts'
import { isVariable, variablesIn } from '../../actions/variables.ts'
import type { Tx } from '../../db.ts'
import type { TriggerFields } from '../../triggers/triggers.ts'
import { customFieldIds, hold } from '../../views/known.ts'
import { isAddress } from './texts.ts'

const checks = {
  popup: Compile(triggerActions.popup),
  'open-url': Compile(triggerActions['open-url']),
  'web-request': Compile(triggerActions['web-request']),
  tag: Compile(triggerActions.tag),
  queue: Compile(triggerActions.queue),
} satisfies Record<TriggerActionType, unknown>

/** What it names is held, and so cannot be deleted before the transaction ends. */
export async function requireUsable(
  tx: Tx,
  { actions = [], conditions, ...fields }: TriggerFields,
): Promise<void> {
  for (const [index, action] of actions.entries()) requireAction(action, `actions[${index}]`)
  const { accountIds, intervalId } = fields
  await requireKnown(tx, 'account', accountIds ?? [], () => 'accountIds')
  if (intervalId != null) await requireKnown(tx, 'business_interval', [intervalId], () => 'intervalId')
  const places = actions.map((action, index) => ({ action, field: `actions[${index}]` }))
  const queues = places.flatMap(({ action, field }) =>
    action.type === 'queue' ? [{ id: action.queueId, field: `${field}.queueId` }] : [],
  )
  const tags = places.flatMap(({ action, field }) =>
    action.type === 'tag' ? action.tagIds.map((id) => ({ id, field: `${field}.tagIds` })) : [],
  )
  for (const [table, named] of [
    ['queue', queues],
    ['tag', tags],
  ] as const)
    await requireKnown(
      tx,
      table,
      named.map(({ id }) => id),
      (id) => named.find((one) => one.id === id)?.field ?? 'actions',
    )

  const settable = { customFieldIds: await customFieldIds(tx), variables: new Set<string>(), hasBot: false }
  const requireVariable = (name: string, field: string): void => {
    if (!isVariable(name, settable))
      throw new Refusal('TR-101', `There is no variable ${JSON.stringify(name)}.`, { field })
  }
  for (const { action, field } of places)
    for (const [name, text] of Object.entries(action))
      if (typeof text === 'string' && name !== 'type')
        for (const variable of variablesIn(text)) requireVariable(variable, `${field}.${name}`)
  for (const { action, field } of places)
    if (action.type === 'web-request')
      for (const [nr, { name, value, secret }] of (action.headers ?? []).entries()) {
        const place = `${field}.headers[${nr}]`
        if (isOwnHeader(name))
          throw new Refusal('TR-101', `The header ${name} is not for a trigger to set.`, {
            field: `${place}.name`,
          })
        for (const variable of secret ? [] : variablesIn(value ?? ''))
          requireVariable(variable, `${place}.value`)
      }
  const groups: [string, readonly Condition[]][] = [
    ['all', conditions?.all ?? []],
    ['any', conditions?.any ?? []],
  ]
  for (const [group, list] of groups)
    for (const [index, { variable }] of list.entries())
      requireVariable(variable, `conditions.${group}[${index}].variable`)
}

function requireAction(action: unknown, field: string): asserts action is TriggerAction {
  const type = typeof action === 'object' && action !== null && 'type' in action ? action.type : undefined
  const known = triggerActionTypes.find((name) => name === type)
  if (!known)
    throw new Refusal('TR-101', 'The action is of an unknown type.', {
      field: `${field}.type`,
      allowed: triggerActionTypes,
    })
  const { url, error } = look(known, action)
  if (error) {
    const params = error.params as
      | { requiredProperties?: string[]; additionalProperties?: string[] }
      | undefined
    const member =
      params?.requiredProperties?.[0] ??
      params?.additionalProperties?.[0] ??
      error.instancePath.slice(1).replaceAll('/', '.')
    const fault = params?.requiredProperties ? 'is missing' : error.message
    throw new Refusal('TR-101', `${member} ${fault}.`, { field: member ? `${field}.${member}` : field })
  }
  if (url !== undefined && !isAddress(url))
    throw new Refusal(
      'TR-101',
      'This is not a whole address of http or https, or a variable stands before or in its host.',
      { field: `${field}.url` },
    )
}

function look(type: TriggerActionType, action: unknown) {
  const [error] = checks[type].Errors(action)
  const url = typeof action === 'object' && action !== null && 'url' in action ? action.url : undefined
  return { error, url: typeof url === 'string' ? url : undefined }
}

async function requireKnown(
  tx: Tx,
  table: Parameters<typeof hold>[1],
  ids: readonly number[],
  fieldOf: (id: number) => string,
): Promise<void> {
  if (ids.length === 0) return
  const found = await hold(tx, table, ids)
  const unknown = ids.find((id) => !found.has(id))
  if (unknown === undefined) return
  const what = table === 'business_interval' ? 'interval' : table
  throw new Refusal('TR-101', `There is no ${what} ${unknown}.`, { field: fieldOf(unknown) })
}
