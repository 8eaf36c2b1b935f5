/** What a credential proves. */
import type { Role, Scope } from '@patchbay/protocol/endpoint.ts'

export interface Identity {
  user: { id: number; name: string; fullname: string; email: string; role: Role }
  /** null: all rights of the user. */
  scopes: readonly Scope[] | null
  keyId: number | null
  /** When the credential ends at the latest; null: not before it is ended. */
  expiresAt: Date | null
}

/** The columns of `app_user` that make an identity. */
export const identity = [
  'app_user.id',
  'app_user.name',
  'app_user.fullname',
  'app_user.email',
  'app_user.role',
] as const
