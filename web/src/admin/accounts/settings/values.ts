/** The settings of an account as a form holds them, and back. */
import type { Account, AccountEvent } from '@patchbay/protocol/api/accounts.ts'
import type { AccountChange } from '../useSaveAccount.ts'

/** An empty number is NaN, and no map key is the empty text. Sizes stand in the unit of their field. */
export type SettingsValues = {
  name: string
  listId: number
  description: string
  mapKey: string
  mapKeyDescription: string
  replyUrl: string
  updateRule: Account['updateRule']
  reopenWithinMinutes: number
  attachmentLimitMb: number
  fileLifetimeHours: number
  bodyLimitKb: number
  ratePerSecond: number
  rateBurst: number
  requireSignature: boolean
  sandbox: boolean
  keepBodies: boolean
  dispositionRequired: boolean
  notificationTemplate: string
  events: AccountEvent[]
  eventsUrl: string
  alarmEmail: string
  alarmUrl: string
  alarmAfterFailures: number
}

type TextName = 'name' | 'notificationTemplate' | 'replyUrl' | 'eventsUrl' | 'alarmEmail' | 'alarmUrl'

export const bytesPerMb = 1_048_576
export const bytesPerKb = 1024

export function settingsOf(account: Account): SettingsValues {
  const { attachmentLimitBytes, fileLifetimeHours, bodyLimitBytes } = account
  return {
    name: account.name,
    listId: account.listId,
    description: account.description,
    mapKey: account.mapKey ?? '',
    mapKeyDescription: account.mapKeyDescription,
    replyUrl: account.replyUrl,
    updateRule: account.updateRule,
    reopenWithinMinutes: account.reopenWithinMinutes,
    attachmentLimitMb: attachmentLimitBytes === null ? Number.NaN : attachmentLimitBytes / bytesPerMb,
    fileLifetimeHours: fileLifetimeHours ?? Number.NaN,
    bodyLimitKb: bodyLimitBytes / bytesPerKb,
    ratePerSecond: account.ratePerSecond,
    rateBurst: account.rateBurst,
    requireSignature: account.requireSignature,
    sandbox: account.sandbox,
    keepBodies: account.keepBodies,
    dispositionRequired: account.dispositionRequired,
    notificationTemplate: account.notificationTemplate,
    events: account.events,
    eventsUrl: account.eventsUrl,
    alarmEmail: account.alarmEmail,
    alarmUrl: account.alarmUrl,
    alarmAfterFailures: account.alarmAfterFailures,
  }
}

export function accountChange(changes: Partial<SettingsValues>): AccountChange {
  const { mapKey, attachmentLimitMb, fileLifetimeHours, bodyLimitKb, ...same } = changes
  return {
    ...same,
    ...trimmed(changes, 'name', 'notificationTemplate', 'replyUrl', 'eventsUrl', 'alarmEmail', 'alarmUrl'),
    ...(mapKey === undefined ? {} : { mapKey: mapKey || null }),
    ...(attachmentLimitMb === undefined
      ? {}
      : { attachmentLimitBytes: orNull(Math.round(attachmentLimitMb * bytesPerMb)) }),
    ...(fileLifetimeHours === undefined ? {} : { fileLifetimeHours: orNull(fileLifetimeHours) }),
    ...(bodyLimitKb === undefined ? {} : { bodyLimitBytes: Math.round(bodyLimitKb * bytesPerKb) }),
  }
}

/** Of texts that are changed, those without the spaces that come with pasting. */
function trimmed(changes: Partial<SettingsValues>, ...names: readonly TextName[]): AccountChange {
  const texts: AccountChange = {}
  for (const name of names) {
    const value = changes[name]
    if (value !== undefined) texts[name] = value.trim()
  }
  return texts
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
