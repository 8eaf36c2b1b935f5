/** Routes that make, change, order and try triggers. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Condition } from '@patchbay/protocol/api/actions.ts'
import type { Trigger, TriggerAction, triggersApi } from '@patchbay/protocol/api/triggers.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import type { Handlers } from '../../access/endpoint.ts'
import { hold } from '../../actions/conditions.ts'
import { normalizeKey } from '../../contacts/keys.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { openIntervals } from '../../intervals/intervals.ts'
import { sealHeaders, showHeaders } from '../../triggers/header-secrets.ts'
import {
  changeTrigger,
  createTrigger,
  findTrigger,
  orderTriggers,
  readTriggers,
  removeTrigger,
  type TriggerRow,
} from '../../triggers/triggers.ts'
import type { TriggerWatch } from '../../triggers/watch.ts'
import { factsOfSample } from '../../views/facts.ts'
import { matches } from './matches.ts'
import { requireUsable } from './read-trigger.ts'

type Routes = Omit<typeof triggersApi, 'GET /api/openchannel/popups' | 'DELETE /api/openchannel/popups/:id'>

export function saveTriggerRoutes(ctx: Context, watch: TriggerWatch): Handlers<Routes> {
  const save = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const saved = await transaction(ctx.db, work)
    ctx.push.ring({ changed: 'triggers' })
    await watch.refresh()
    return saved
  }
  const sealed = <F extends { actions?: readonly TriggerAction[] }>(
    fields: F,
    before: readonly TriggerAction[],
  ) => ({
    ...fields,
    ...(fields.actions && { actions: sealHeaders(ctx.sealingKey, fields.actions, before) }),
  })
  const list = async (rows: Promise<TriggerRow[]>) => {
    const triggers = (await rows).map(toTrigger)
    return { count: triggers.length, rows: triggers }
  }

  return {
    'GET /api/openchannel/triggers': () => list(readTriggers(ctx.db)),

    'GET /api/openchannel/triggers/:id': async ({ params }) =>
      toTrigger(await findTrigger(ctx.db, params.id)),

    'POST /api/openchannel/triggers': async ({ caller, body }) => {
      const row = await save(async (tx) => {
        await requireUsable(tx, body)
        return createTrigger(tx, caller, sealed(body, []))
      })
      return toTrigger(row)
    },

    'PATCH /api/openchannel/triggers/:id': async ({ caller, params, body: { version, ...fields } }) => {
      const row = await save(async (tx) => {
        await requireUsable(tx, fields)
        const before = await findTrigger(tx, params.id, { isLocked: true })
        return changeTrigger(tx, caller, params.id, sealed(fields, before.actions), version)
      })
      return toTrigger(row)
    },

    'DELETE /api/openchannel/triggers/:id': async ({ caller, params }) => {
      await save((tx) => removeTrigger(tx, caller, params.id))
      return null
    },

    'PUT /api/openchannel/triggers/order': ({ caller, body }) =>
      list(
        save(async (tx) => {
          await orderTriggers(tx, caller, body.ids)
          return readTriggers(tx)
        }),
      ),

    'POST /api/openchannel/triggers/try': ({ body }) => tryTrigger(ctx, body),
  }
}

async function tryTrigger(
  ctx: Context,
  { sample, ...settings }: Body<Routes['POST /api/openchannel/triggers/try']>,
) {
  const { accountId, direction, body, from } = sample
  const mapKey = await ctx.db
    .selectFrom('account')
    .select('map_key')
    .where('id', '=', accountId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!mapKey) throw new Refusal('GE-101', `There is no account ${accountId}.`, { field: 'sample.accountId' })
  const key = from === undefined || mapKey.map_key === null ? null : normalizeKey(mapKey.map_key, from)
  const facts = await factsOfSample(ctx.db, { accountId, direction, body, key })
  if (!facts) throw new Refusal('GE-101', `There is no account ${accountId}.`, { field: 'sample.accountId' })
  const { intervalId, accountIds, conditions } = settings
  const open = await openIntervals(ctx.db, intervalId === null ? [] : [intervalId], new Date())
  const watching = {
    direction: settings.direction,
    account_ids: accountIds,
    interval_id: intervalId,
    conditions,
  }
  const tried = (condition: Condition) => ({
    value: facts.read(condition.variable),
    holds: hold({ all: [condition], any: [] }, facts.read),
  })
  return {
    ...matches(watching, facts, open),
    all: conditions.all.map(tried),
    any: conditions.any.map(tried),
  }
}

function toTrigger(row: TriggerRow): Trigger {
  return {
    id: row.id,
    name: row.name,
    position: row.position,
    enabled: row.enabled,
    direction: row.direction,
    accountIds: row.account_ids,
    intervalId: row.interval_id,
    conditions: row.conditions,
    actions: showHeaders(row.actions),
    always: row.conditions.all.length + row.conditions.any.length === 0,
    fired: row.fired,
    lastFiredAt: row.last_fired_at?.toISOString() ?? null,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
