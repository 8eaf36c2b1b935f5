/** What one HTTP endpoint is: the shape from which validation, typed handlers, the typed client and the API page are made. */
import { type Static, type TObject, type TSchema, Type } from 'typebox'
import type { Permission } from './permissions.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** Written `'GET /api/lists/:id'`. */
export type RouteKey = `${Method} /${string}`

export type Role = 'admin' | 'supervisor' | 'agent'
export const roles: readonly Role[] = ['admin', 'supervisor', 'agent']

/** What an API key may be limited to. A key without scopes has all rights of its user. */
export type Scope =
  | 'notify'
  | 'attachments'
  | 'interactions:read'
  | 'interactions:write'
  | 'contacts'
  | 'accounts:secret'
  | 'admin'
export const scopes: readonly Scope[] = [
  'notify',
  'attachments',
  'interactions:read',
  'interactions:write',
  'contacts',
  'accounts:secret',
  'admin',
]

/**
 * Who may call: `public` (the handler itself decides, as for signing in), or whoever has the permission `may`, one of several, or null:
 * whoever is signed in. A key with scopes needs one of `scopes` or `admin` besides. `only: 'session'`: a person at the desk; keys and
 * Basic are refused. `role` is the old way to say it: new endpoints name a permission of `permissions.ts`.
 */
export type Access = 'public' | RestrictedAccess
export type RestrictedAccess = {
  scopes: readonly Scope[]
  only?: 'session'
  /** Also while somebody views the desk as another, when everything else that changes something is refused. */
  whileViewing?: true
} & ({ may: Permission | readonly Permission[] | null } | { role: Role })

/** One of these is needed; null: none. */
export function permissionsOf(
  access: Extract<RestrictedAccess, { may: unknown }>,
): readonly Permission[] | null {
  return typeof access.may === 'string' ? [access.may] : access.may
}

export interface Endpoint {
  readonly summary: string
  /** Why, when and how, with units and refusals, for the API page. */
  readonly description?: string
  readonly tag: string
  readonly access: Access
  readonly params?: TObject
  readonly query?: TObject
  readonly body?: TSchema
  /** `multipart` bodies are read by the handler as a stream. */
  readonly consumes?: 'json' | 'multipart'
  /** Answers by status; the lowest is the usual one. */
  readonly response: { readonly [status: number]: TSchema }
  /** Codes of the refusals worth knowing, see problem.ts. */
  readonly refusals?: readonly string[]
}

export function endpoint<const E extends Endpoint>(definition: E): E {
  return definition
}

type Shape<S, Otherwise> = S extends TSchema ? Static<S> : Otherwise
export type Params<E extends Endpoint> = Shape<E['params'], Record<never, never>>
export type Query<E extends Endpoint> = Shape<E['query'], Record<never, never>>
export type Body<E extends Endpoint> = Shape<E['body'], undefined>
export type Answer<E extends Endpoint> = Static<E['response'][keyof E['response'] & number]>

/** A database id as it stands in a path or a query. */
export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
export const IdParams = Type.Object({ id: Id })
/** An instant, ISO 8601 in UTC with milliseconds. */
export const Instant = Type.String({ format: 'date-time' })
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const Nothing = Type.Null({ description: 'No body (204).' })

/** The usual shape of a list. `count` is exact up to 10 000; beyond, `countIsAtLeast` stands beside it. */
export const ListOf = <T extends TSchema>(row: T) =>
  Type.Object({
    count: Type.Integer(),
    countIsAtLeast: Type.Optional(Type.Literal(true)),
    rows: Type.Array(row),
    cursor: Type.Optional(
      Nullable(Type.String({ description: 'Pass as `cursor` for the next page; null at the end.' })),
    ),
  })

/** How every list is paged: by `cursor` (stable while rows arrive) or by `offset`. */
export const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
}

/** Clients send one field of JSON, or the flattened form of it that their libraries make. */
export const createdBetween = {
  createdAt: Type.Optional(
    Type.String({ maxLength: 200, description: 'JSON: {"$gte": instant, "$lte": instant}' }),
  ),
  'createdAt[$gte]': Type.Optional(Type.String({ maxLength: 60 })),
  'createdAt[$lte]': Type.Optional(Type.String({ maxLength: 60 })),
}

export const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
export const LongText = Type.String({ maxLength: 10_000 })
export const Ids = Type.Object({ ids: Type.Array(Id, { maxItems: 10_000 }) })
/** As it was read: whoever saves after somebody else is told by GE-104, and reads it again. */
export const AsRead = Type.Optional(
  Type.Integer({ description: 'The version as read: refuses with GE-104 when it was changed since.' }),
)
/** Who belongs to it, all of them. */
export const Members = Type.Object({ ...Ids.properties, version: AsRead })
