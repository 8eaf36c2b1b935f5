/** What permissions and presets are called, in the groups of the matrix. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { Permission, PermissionGroup, Preset } from '@patchbay/protocol/permissions.ts'

export const permissionNames: Readonly<Record<Permission, MessageDescriptor>> = {
  openchannel: msg`Open the Open Channel module`,
  'openchannel.answer': msg`Accept, answer, tag, transfer and close`,
  'openchannel.assign': msg`Give interactions of others to somebody`,
  'accounts.all': msg`See every account without being added`,
  'contacts.read': msg`See contacts`,
  'contacts.edit': msg`Make and change contacts`,
  'lists.manage': msg`Lists and fields`,
  'tags.manage': msg`Tags`,
  'health.read': msg`See how deliveries fare`,
  'presence.others': msg`Set the presence of others`,
  'accounts.manage': msg`Accounts and their routing`,
  'accounts.secrets': msg`Receive URLs, tokens and secrets`,
  'deliveries.read': msg`See the delivery log`,
  'deliveries.replay': msg`Deliver again`,
  'queues.manage': msg`Queues and skills`,
  'intervals.manage': msg`Intervals`,
  'dispositions.manage': msg`Dispositions`,
  'triggers.manage': msg`Triggers`,
  'people.manage': msg`Users and teams`,
  'roles.manage': msg`Roles`,
  'view-as': msg`Look at the desk as somebody else`,
  'keys.own': msg`Make keys of one’s own`,
  'keys.manage': msg`Keys of everybody`,
  'audit.read': msg`See the audit log`,
}

export const groupNames: Readonly<Record<PermissionGroup, MessageDescriptor>> = {
  desk: msg`Open Channel`,
  contacts: msg`Contacts`,
  supervise: msg`Supervision`,
  channels: msg`Accounts`,
  routing: msg`Routing`,
  people: msg`People and security`,
}

const presetNames: Readonly<Record<Preset, MessageDescriptor>> = {
  admin: msg`Admin`,
  supervisor: msg`Supervisor`,
  agent: msg`Agent`,
  integrator: msg`Integrator`,
  'read-only': msg`Read-only`,
}

/** Presets are called in the reader's language, other roles as they were named. */
export function useRoleName() {
  const { i18n } = useLingui()
  return ({ name, preset }: { name: string; preset: Preset | null }) =>
    preset ? i18n._(presetNames[preset]) : name
}
