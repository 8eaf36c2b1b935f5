/** What a key may be limited to, and the file in which a service keeps it. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { Scope } from '@patchbay/protocol/endpoint.ts'
import { type Permission, permissionGroups } from '@patchbay/protocol/permissions.ts'

export const scopeWords: Readonly<Record<Scope, MessageDescriptor>> = {
  notify: msg`Post customers' messages to Receive URLs`,
  attachments: msg`Upload and download files`,
  'interactions:read': msg`Read interactions and messages`,
  'interactions:write': msg`Answer, assign, close, tag`,
  contacts: msg`Read and change contacts`,
  'accounts:secret': msg`Read the signing secrets of accounts`,
  admin: msg`Change accounts, queues, users and everything else`,
}

export const allScopes = Object.keys(scopeWords) as Scope[]

const ofDesk: readonly Permission[] = [...permissionGroups.desk, 'contacts.read', 'contacts.edit', 'keys.own']

/** A scope gives nothing that its user may not do: one that would open nothing is left out. */
export function isOffered(scope: Scope, mine: readonly Permission[]): boolean {
  if (scope === 'accounts:secret') return mine.includes('accounts.secrets')
  if (scope === 'admin') return mine.some((permission) => !ofDesk.includes(permission))
  return scope !== 'contacts' || mine.includes('contacts.read')
}

/** What a connected service needs, and no more. */
export const suggested: readonly Scope[] = ['notify', 'attachments']

export function envFile(key: string, origin: string): string {
  return `PATCHBAY_URL=${origin}\nPATCHBAY_API_KEY=${key}\n`
}

export const dayMs = 86_400_000

/** The instant at which a key of so many days ends; 0 is never. */
export function expiryOf(days: number, now: number): string | null {
  return days === 0 ? null : new Date(now + days * dayMs).toISOString()
}

/** One that ends so soon is shown with a countdown, as is every key that has a successor. */
const soonMs = 7 * 86_400_000 + 60_000

export function endOf(
  { expiresAt }: { expiresAt: string | null },
  now: number,
): 'never' | 'later' | 'soon' | 'over' {
  if (expiresAt === null) return 'never'
  const leftMs = Date.parse(expiresAt) - now
  if (leftMs <= 0) return 'over'
  return leftMs <= soonMs ? 'soon' : 'later'
}
