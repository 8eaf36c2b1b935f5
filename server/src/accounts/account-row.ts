/** An account as the database holds it, and as it is shown. */

import type { Account, AccountEvent } from '@patchbay/protocol/api/accounts.ts'
import type { Action } from '@patchbay/protocol/api/actions.ts'
import { type Selectable, sql } from 'kysely'
import { may } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { AccountTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'
import { showActions } from './action-secrets.ts'
import { echoUrl } from './echo-url.ts'
import { openToken } from './secrets.ts'

export interface AccountRow extends Selectable<AccountTable> {
  agent_ids: number[]
  team_ids: number[]
}

/** Those that are not deleted. */
export function selectAccounts(db: Db | Tx) {
  return db
    .selectFrom('account')
    .selectAll('account')
    .select([
      sql<
        number[]
      >`array(select user_id from account_agent where account_id = account.id order by user_id)`.as(
        'agent_ids',
      ),
      sql<
        number[]
      >`array(select team_id from account_team where account_id = account.id order by team_id)`.as(
        'team_ids',
      ),
    ])
    .where('deleted_at', 'is', null)
}

type Settings = Pick<
  Account,
  | 'name'
  | 'listId'
  | 'replyUrl'
  | 'description'
  | 'mapKey'
  | 'mapKeyDescription'
  | 'updateRule'
  | 'reopenWithinMinutes'
  | 'notificationTemplate'
  | 'attachmentLimitBytes'
  | 'fileLifetimeHours'
  | 'bodyLimitBytes'
  | 'ratePerSecond'
  | 'rateBurst'
  | 'requireSignature'
  | 'sandbox'
  | 'keepBodies'
  | 'dispositionRequired'
  | 'eventsUrl'
  | 'events'
  | 'alarmEmail'
  | 'alarmUrl'
  | 'alarmAfterFailures'
>
/** What is left out, or undefined, stays as it is. */
export type SettingsInput = { [K in keyof Settings]?: Settings[K] | undefined }

export function settingsColumns(input: SettingsInput) {
  return {
    name: input.name,
    list_id: input.listId,
    reply_url: input.replyUrl,
    description: input.description,
    map_key: input.mapKey,
    map_key_description: input.mapKeyDescription,
    update_rule: input.updateRule,
    reopen_within_minutes: input.reopenWithinMinutes,
    notification_template: input.notificationTemplate,
    attachment_limit_bytes: input.attachmentLimitBytes,
    file_lifetime_hours: input.fileLifetimeHours,
    body_limit_bytes: input.bodyLimitBytes,
    rate_per_second: input.ratePerSecond,
    rate_burst: input.rateBurst,
    require_signature: input.requireSignature,
    sandbox: input.sandbox,
    keep_bodies: input.keepBodies,
    disposition_required: input.dispositionRequired,
    events_url: input.eventsUrl,
    events: input.events,
    alarm_email: input.alarmEmail,
    alarm_url: input.alarmUrl,
    alarm_after_failures: input.alarmAfterFailures,
  }
}

/** Everything but what only admins see; the audit log keeps it so. */
export function describe(row: AccountRow): Account {
  return {
    id: row.id,
    uid: row.uid,
    name: row.name,
    listId: row.list_id,
    replyUrl: row.reply_url,
    description: row.description,
    mapKey: row.map_key,
    mapKeyDescription: row.map_key_description,
    updateRule: row.update_rule,
    reopenWithinMinutes: row.reopen_within_minutes,
    notificationTemplate: row.notification_template,
    attachmentLimitBytes: row.attachment_limit_bytes,
    fileLifetimeHours: row.file_lifetime_hours,
    bodyLimitBytes: row.body_limit_bytes,
    ratePerSecond: row.rate_per_second,
    rateBurst: row.rate_burst,
    requireSignature: row.require_signature,
    sandbox: row.sandbox,
    keepBodies: row.keep_bodies,
    dispositionRequired: row.disposition_required,
    eventsUrl: row.events_url,
    events: row.events as AccountEvent[],
    alarmEmail: row.alarm_email,
    alarmUrl: row.alarm_url,
    alarmAfterFailures: row.alarm_after_failures,
    agentIds: row.agent_ids,
    teamIds: row.team_ids,
    actions: showActions(row.actions as Action[]),
    canReply: row.reply_url !== '',
    version: row.version,
    firstMessageAt: row.first_message_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/**
 * Token and Receive URL are for those who may see secrets, the addresses that it calls for those who manage accounts, since services
 * put secrets into them; for their keys only with the scope to administer.
 */
export function toAccount(ctx: Context, caller: Caller, row: AccountRow): Account {
  const account = describe(row)
  if (!mayAdminister(caller, 'accounts.manage'))
    return { ...account, replyUrl: '', eventsUrl: '', alarmUrl: '', alarmEmail: '' }
  if (!mayAdminister(caller, 'accounts.secrets')) return account
  const { publicUrl } = ctx.config
  const token = openToken(ctx.sealingKey, row.uid, row.token_sealed)
  return {
    ...account,
    token,
    oldTokenUntil: stillTo(row.old_token_until),
    receiveUrl: receiveUrl(publicUrl, row.id, token),
    echoUrl: echoUrl(publicUrl, ctx.sealingKey, row.uid),
  }
}

export function receiveUrl(origin: string, accountId: number, token: string): string {
  return `${origin}/api/openchannel/accounts/${accountId}/notify?token=${token}`
}

function stillTo(until: Date | null): string | null {
  return until && until > new Date() ? until.toISOString() : null
}

function mayAdminister(caller: Caller, permission: 'accounts.manage' | 'accounts.secrets'): boolean {
  return may(caller, permission) && (caller.scopes === null || caller.scopes.includes('admin'))
}
