/** Where in the administration somebody may go: each place by the permissions of which one is needed. */
import type { Me } from '@patchbay/protocol/api/session.ts'
import type { Permission } from '@patchbay/protocol/permissions.ts'

const needs: readonly (readonly [href: string, ...permissions: Permission[]])[] = [
  ['/admin/accounts', 'accounts.manage', 'deliveries.read'],
  ['/admin/queues', 'queues.manage'],
  ['/admin/skills', 'queues.manage'],
  ['/admin/intervals', 'intervals.manage'],
  ['/admin/dispositions', 'dispositions.manage'],
  ['/admin/triggers', 'triggers.manage'],
  ['/admin/users', 'people.manage'],
  ['/admin/teams', 'people.manage'],
  ['/admin/roles', 'roles.manage'],
  ['/admin/keys', 'keys.manage'],
  ['/admin/lists', 'lists.manage'],
  ['/admin/tags', 'tags.manage'],
  ['/admin/reachability', 'accounts.manage'],
  ['/admin/pauses', 'queues.manage'],
  ['/admin/audit', 'audit.read'],
]

const allows = ({ permissions }: Me, href: string, of: readonly Permission[]) =>
  of.some((permission) => permissions.includes(permission)) ? href : undefined

/** The first place where somebody may go. */
export function startOf(me: Me): string | undefined {
  return needs.map(([href, ...of]) => allows(me, href, of)).find((href) => href !== undefined)
}

export function mayEnter(me: Me, pathname: string): boolean {
  const place = needs.find(([href]) => pathname === href || pathname.startsWith(`${href}/`))
  if (!place) return me.role === 'admin'
  const [href, ...of] = place
  return allows(me, href, of) !== undefined
}
