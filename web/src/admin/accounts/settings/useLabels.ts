/** The names of the settings, for their fields and for the save bar. */
import { useLingui } from '@lingui/react/macro'
import type { SettingsValues } from './values.ts'

export type Labels = Readonly<Record<keyof SettingsValues, string>>

export function useLabels(): Labels {
  const { t } = useLingui()
  return {
    name: t`Name`,
    listId: t`Contact list`,
    description: t`Description`,
    mapKey: t`Map key`,
    mapKeyDescription: t`What the map key holds`,
    replyUrl: t`Reply URL`,
    updateRule: t`Contact update`,
    reopenWithinMinutes: t`Reopen within`,
    attachmentLimitMb: t`Largest file`,
    fileLifetimeHours: t`Lifetime of files`,
    bodyLimitKb: t`Longest message`,
    ratePerSecond: t`Messages per second`,
    rateBurst: t`At once`,
    requireSignature: t`Take in signed messages only`,
    sandbox: t`Sandbox`,
    dispositionRequired: t`Ask how it ended at every closing`,
    notificationTemplate: t`Notification of an offer`,
    keepBodies: t`Keep bodies in the delivery log`,
    events: t`Events`,
    eventsUrl: t`Another URL for events`,
    alarmEmail: t`Mail to`,
    alarmUrl: t`Call a URL`,
    alarmAfterFailures: t`After`,
  }
}
