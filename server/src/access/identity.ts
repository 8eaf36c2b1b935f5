/** What a credential proves. */
import type { Role, Scope } from '@patchbay/protocol/endpoint.ts'
import { type Permission, permissions } from '@patchbay/protocol/permissions.ts'

export interface Identity {
  user: {
    id: number
    name: string
    fullname: string
    email: string
    role: Role
    permissions: ReadonlySet<Permission>
  }
  /** Who looks at the desk as this user, and may change nothing; null: the user himself. */
  viewer: { id: number; fullname: string } | null
  /** null: all rights of the user. */
  scopes: readonly Scope[] | null
  keyId: number | null
  /** When the credential ends at the latest; null: not before it is ended. */
  expiresAt: Date | null
}

/** The columns that make an identity, of `app_user` joined with its `role`. */
export const identity = [
  'app_user.id',
  'app_user.name',
  'app_user.fullname',
  'app_user.email',
  'app_user.role',
  'role.preset',
  'role.permissions',
] as const

type Row = Omit<Identity['user'], 'permissions'> & { preset: string | null; permissions: string[] }

export function toUser({ id, name, fullname, email, role, ...of }: Row): Identity['user'] {
  return { id, name, fullname, email, role, permissions: allowedBy(of) }
}

const all: ReadonlySet<Permission> = new Set(permissions)
const isPermission = (name: string): name is Permission => all.has(name as Permission)

/** What a role allows: Admin everything, the others what is written in them. */
export function allowedBy(role: {
  preset: string | null
  permissions: readonly string[]
}): ReadonlySet<Permission> {
  return role.preset === 'admin' ? all : new Set(role.permissions.filter(isPermission))
}
