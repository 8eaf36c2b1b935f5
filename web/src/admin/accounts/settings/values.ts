/** The settings of an account as a form holds them, and back. */
import type { Account } from '@patchbay/protocol/api/accounts.ts'
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
}

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
  }
}

export function accountChange(changes: Partial<SettingsValues>): AccountChange {
  const { mapKey, attachmentLimitMb, fileLifetimeHours, bodyLimitKb, name, replyUrl, ...same } = changes
  return {
    ...same,
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(replyUrl === undefined ? {} : { replyUrl: replyUrl.trim() }),
    ...(mapKey === undefined ? {} : { mapKey: mapKey || null }),
    ...(attachmentLimitMb === undefined
      ? {}
      : { attachmentLimitBytes: orNull(Math.round(attachmentLimitMb * bytesPerMb)) }),
    ...(fileLifetimeHours === undefined ? {} : { fileLifetimeHours: orNull(fileLifetimeHours) }),
    ...(bodyLimitKb === undefined ? {} : { bodyLimitBytes: Math.round(bodyLimitKb * bytesPerKb) }),
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
