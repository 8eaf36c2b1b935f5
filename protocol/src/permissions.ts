/** What a role may allow: every permission, by the group under which the matrix shows it. */

export const permissionGroups = {
  desk: ['openchannel', 'openchannel.answer', 'openchannel.assign', 'accounts.all'],
  contacts: ['contacts.read', 'contacts.edit', 'lists.manage', 'tags.manage'],
  supervise: ['health.read', 'presence.others'],
  channels: ['accounts.manage', 'accounts.secrets', 'deliveries.read', 'deliveries.replay'],
  routing: ['queues.manage', 'intervals.manage', 'dispositions.manage', 'triggers.manage'],
  people: ['people.manage', 'roles.manage', 'view-as', 'keys.own', 'keys.manage', 'audit.read'],
} as const

export type PermissionGroup = keyof typeof permissionGroups
export type Permission = (typeof permissionGroups)[PermissionGroup][number]
export const permissions: readonly Permission[] = Object.values(permissionGroups).flat()

/** A role that every installation has. What `admin` allows is everything, and cannot be taken from it. */
export type Preset = 'admin' | 'supervisor' | 'agent' | 'integrator' | 'read-only'
export const presets: readonly Preset[] = ['admin', 'supervisor', 'agent', 'integrator', 'read-only']
