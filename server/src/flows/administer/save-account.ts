/** save account: its settings, its actions and who works on it, checked against the lists, queues and people that it names. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { accountsApi } from '@patchbay/protocol/api/accounts.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import { contactFields } from '@patchbay/protocol/open-channel.ts'
import type { Caller } from '../../access/endpoint.ts'
import type { AccountRow, SettingsInput } from '../../accounts/account-row.ts'
import * as accounts from '../../accounts/accounts.ts'
import type { Directory } from '../../accounts/directory.ts'
import { fieldsOf } from '../../contacts/fields.ts'
import { customFieldId, isContactField } from '../../contacts/keys.ts'
import { defaultListId } from '../../contacts/lists.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { readdress } from '../../delivery/endpoints.ts'
import { membersOf, requireAll } from '../../views/known.ts'

type Table = typeof accountsApi
export type NewAccount = Body<Table['POST /api/openchannel/accounts']>
export type AccountPatch = Body<Table['PATCH /api/openchannel/accounts/:id']>

export async function createAccount(
  ctx: Context,
  directory: Directory,
  caller: Caller,
  input: NewAccount,
): Promise<AccountRow> {
  const row = await transaction(ctx.db, async (tx) => {
    const listId = input.listId ?? (await defaultListId(tx))
    await requireMapKey(tx, input.mapKey ?? null, listId)
    return accounts.create(tx, ctx.sealingKey, caller, {
      ...readSettings(input),
      name: input.name.trim(),
      listId,
    })
  })
  await announce(ctx, directory)
  return row
}

export async function changeAccount(
  ctx: Context,
  directory: Directory,
  caller: Caller,
  id: number,
  patch: AccountPatch,
): Promise<AccountRow> {
  const { row, isReaddressed } = await transaction(ctx.db, async (tx) => {
    const before = await accounts.find(tx, caller, id)
    if (patch.mapKey !== undefined || patch.listId !== undefined) {
      const mapKey = patch.mapKey === undefined ? before.map_key : patch.mapKey
      await requireMapKey(tx, mapKey, patch.listId ?? before.list_id)
    }
    const after = await accounts.change(tx, caller, id, { ...readSettings(patch), version: patch.version })
    return { row: after, isReaddressed: await readdress(tx, id, before, after) }
  })
  await announce(ctx, directory)
  // Not before this node knows the new address.
  if (isReaddressed) ctx.push.ring({ deliver: true })
  return row
}

export async function setAgents(
  ctx: Context,
  directory: Directory,
  caller: Caller,
  id: number,
  userIds: readonly number[],
  version?: number,
): Promise<AccountRow> {
  const { before, after } = await transaction(ctx.db, async (tx) => {
    await requireAll(tx, 'app_user', userIds, 'ids')
    const before = await accounts.find(tx, caller, id)
    return { before, after: await accounts.setAgents(tx, caller, id, userIds, version) }
  })
  const moved = difference(before.agent_ids, after.agent_ids)
  ctx.push.ring({ rights: moved, users: moved, route: true })
  await announce(ctx, directory)
  return after
}

export async function setTeams(
  ctx: Context,
  directory: Directory,
  caller: Caller,
  id: number,
  teamIds: readonly number[],
  version?: number,
): Promise<AccountRow> {
  const { moved, after } = await transaction(ctx.db, async (tx) => {
    await requireAll(tx, 'team', teamIds, 'ids')
    const before = await accounts.find(tx, caller, id)
    const after = await accounts.setTeams(tx, caller, id, teamIds, version)
    return { after, moved: await membersOf(tx, difference(before.team_ids, after.team_ids)) }
  })
  ctx.push.ring({ rights: moved, users: moved, route: true })
  await announce(ctx, directory)
  return after
}

/** Of the change of an account, to the desks, the other nodes and the next request on this one. */
export async function announce(ctx: Context, directory: Directory): Promise<void> {
  ctx.push.ring({ changed: 'accounts' })
  await directory.refresh()
}

function readSettings<T extends SettingsInput>(input: T): T {
  return {
    ...input,
    ...(input.name !== undefined && { name: input.name.trim() }),
    ...(input.replyUrl !== undefined && { replyUrl: readAddress(input.replyUrl, 'replyUrl') }),
    ...(input.eventsUrl !== undefined && { eventsUrl: readAddress(input.eventsUrl, 'eventsUrl') }),
    ...(input.alarmUrl !== undefined && { alarmUrl: readAddress(input.alarmUrl, 'alarmUrl') }),
    ...(input.alarmEmail !== undefined && { alarmEmail: readEmail(input.alarmEmail) }),
  }
}

function readEmail(text: string): string {
  const email = text.trim()
  if (email === '' || /^[^\s@,;<>"]+@[^\s@,;<>"]+$/.test(email)) return email
  throw new Refusal('GE-101', 'This is not one e-mail address.', { field: 'alarmEmail' })
}

/** Refuses with AC-101. Empty means that nothing is called. */
export function readAddress(text: string, field: 'replyUrl' | 'eventsUrl' | 'alarmUrl'): string {
  const address = text.trim()
  if (address === '') return ''
  const url = URL.parse(address)
  if (!url) throw new Refusal('AC-101', 'This is not a whole address.', { field })
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Refusal('AC-101', 'Only http and https can be called.', {
      field,
      allowed: ['http', 'https'],
    })
  if (url.username || url.password)
    throw new Refusal(
      'AC-101',
      'It holds a user name or a password, which every log on the way would keep.',
      { field },
    )
  return address
}

async function requireMapKey(tx: Tx, mapKey: string | null, listId: number): Promise<void> {
  if (mapKey === null || isContactField(mapKey)) return
  const fields = await fieldsOf(tx, listId)
  if (fields.some(({ id }) => id === customFieldId(mapKey))) return
  throw new Refusal(
    'GE-101',
    `${mapKey} is neither a contact field nor a custom field of the account's list.`,
    {
      field: 'mapKey',
      allowed: [...contactFields, ...fields.map(({ id }) => `cf_${id}`)],
    },
  )
}

function difference(before: readonly number[], after: readonly number[]): number[] {
  return [...new Set(before).symmetricDifference(new Set(after))]
}
