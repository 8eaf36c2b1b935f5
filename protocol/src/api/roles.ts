/** Roles and their permissions, what a user may and why, and looking at the desk as somebody else. */
import { type Static, Type } from 'typebox'
import { AsRead, endpoint, Id, IdParams, Instant, Name, Nothing, Nullable } from '../endpoint.ts'
import { type Preset, presets } from '../permissions.ts'
import { DeleteQuery, deleteWords } from '../uses.ts'
import { PermissionName } from './session.ts'

const reader = { may: ['roles.manage', 'people.manage'], scopes: ['admin'] } as const
const manager = { may: 'roles.manage', scopes: ['admin'] } as const

export const PresetName = Type.Unsafe<Preset>(Type.Union(presets.map((name) => Type.Literal(name))))

export const RoleRow = Type.Object({
  id: Id,
  name: Type.String(),
  preset: Nullable(PresetName),
  permissions: Type.Array(PermissionName),
  users: Type.Integer({ description: 'How many users have it.' }),
  version: Type.Integer(),
  createdAt: Instant,
})
export type RoleRow = Static<typeof RoleRow>

const Permissions = Type.Array(PermissionName, { uniqueItems: true, maxItems: 100 })

const Named = Type.Object({ id: Id, name: Type.String() })

export const Because = Type.Object({
  by: Type.Union([
    Type.Literal('role'),
    Type.Literal('agent'),
    Type.Literal('team'),
    Type.Literal('not-added'),
    Type.Literal('no-module'),
  ]),
  name: Nullable(Type.String({ description: 'Of the role or the team.' })),
})
export type Because = Static<typeof Because>

const Reach = Type.Object({
  ...Named.properties,
  reaches: Type.Boolean(),
  because: Type.Array(Because),
})

export const Rights = Type.Object({
  role: Type.Object({ ...Named.properties, preset: Nullable(PresetName) }),
  disabled: Type.Boolean(),
  permissions: Type.Array(
    Type.Object({ permission: PermissionName, allowed: Type.Boolean(), because: Type.Array(Because) }),
  ),
  accounts: Type.Array(Reach, {
    description: 'The accounts whose interactions the user sees, and those not.',
  }),
  queues: Type.Array(Reach, {
    description: 'The queues whose interactions are offered to the user, and those not.',
  }),
})
export type Rights = Static<typeof Rights>

export const rolesApi = {
  'GET /api/roles': endpoint({
    summary: 'Roles with their permissions, presets first',
    tag: 'People',
    access: reader,
    response: { 200: Type.Object({ count: Type.Integer(), rows: Type.Array(RoleRow) }) },
  }),
  'POST /api/roles': endpoint({
    summary: 'Make a role',
    description: 'Nobody gives what he does not have: each permission must be one of the caller’s own.',
    tag: 'People',
    access: manager,
    body: Type.Object({ name: Name, permissions: Permissions }),
    response: { 201: RoleRow },
    refusals: ['GE-102'],
  }),
  'PATCH /api/roles/:id': endpoint({
    summary: 'Rename a role or change what it allows',
    description:
      'Takes effect at once, also on desks that are open. Presets keep their names, and Admin always allows everything.',
    tag: 'People',
    access: manager,
    params: IdParams,
    body: Type.Object({
      name: Type.Optional(Name),
      permissions: Type.Optional(Permissions),
      version: AsRead,
    }),
    response: { 200: RoleRow },
    refusals: ['GE-102', 'GE-104', 'PE-110'],
  }),
  'DELETE /api/roles/:id': endpoint({
    summary: 'Delete a role, or put another in its place',
    description: deleteWords,
    tag: 'People',
    access: manager,
    params: IdParams,
    query: DeleteQuery,
    response: { 204: Nothing },
    refusals: ['GE-103', 'PE-110'],
  }),
  'GET /api/users/:id/rights': endpoint({
    summary: 'What a user may, sees and is offered, and why',
    tag: 'People',
    access: { may: 'people.manage', scopes: ['admin'] },
    params: IdParams,
    response: { 200: Rights },
  }),
  'POST /api/users/:id/view-as': endpoint({
    summary: 'Look at the desk as this user for half an hour, changing nothing',
    description:
      'The session of the caller shows what the user sees; every call that would change something is refused with AU-121, and nobody is told that the user were at work. Ended by `DELETE /api/me/view-as`.',
    tag: 'People',
    access: { may: 'view-as', scopes: [], only: 'session' },
    params: IdParams,
    body: Type.Object({}),
    response: { 200: Type.Object({ until: Instant }) },
    refusals: ['PE-111'],
  }),
  'DELETE /api/me/view-as': endpoint({
    summary: 'End looking at the desk as somebody else',
    tag: 'People',
    access: { may: null, scopes: [], only: 'session', whileViewing: true },
    response: { 204: Nothing },
  }),
}
