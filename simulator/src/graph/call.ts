/** One call of the Graph API: who calls with which token, what is asked, and the checks that many endpoints share. */
import type { FastifyRequest } from 'fastify'
import type { Box } from '../box.ts'
import type { App, Page, Person, Task, Token } from '../world/world.ts'
import { graphError, invalidParameter, missingPermission, missingTask, notFound } from './errors.ts'
import { type FieldTree, parseFields, pick } from './fields.ts'
import type { Parameters } from './parameters.ts'
import { type Caller, checkProof, readToken } from './tokens.ts'

export interface Call {
  box: Box
  method: string
  /** As it was asked, with the version. */
  path: string
  /** Behind the version: `me`, `accounts`. */
  segments: string[]
  parameters: Parameters
  /** Throws where there is no token, or no good one. */
  caller(): Caller
  /** What comes back besides the body. */
  headers: Record<string, string>
}

export function createCall(box: Box, request: FastifyRequest, parameters: Parameters): Call {
  const [path = ''] = request.originalUrl.split('?')
  const segments = request.url.split('?')[0]?.split('/').filter(Boolean).map(decodeURIComponent) ?? []
  let caller: Caller | undefined
  return {
    box,
    method: request.method,
    path,
    segments,
    parameters,
    headers: {},
    caller() {
      if (caller) return caller
      const bearer = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1]
      const value = parameters.text('access_token') ?? bearer
      if (!value) throw graphError('noToken')
      caller = readToken(box, value)
      checkProof(box, caller, value, parameters)
      return caller
    },
  }
}

export interface PageCaller {
  app: App
  page: Page
  person: Person
  token: Token
}

/** The page of a page token; `id` is what the call's address names. */
export function pageCaller(call: Call, id: string): PageCaller {
  const caller = call.caller()
  const { page, person, token, app } = caller
  if (!person || !token) throw graphError('badToken')
  const isOwn = id === 'me' || id === page?.id || (page?.instagram && id === page.instagram.id)
  if (!page || !isOwn) {
    if (!page) throw invalidParameter('A page access token is required for this request.')
    throw notFound(id)
  }
  return { app, page, person, token }
}

export function needPermission({ app, person }: PageCaller, permission: string): void {
  if (app.grants.get(person.id)?.permissions.get(permission) !== 'granted')
    throw missingPermission(permission)
}

export function hasPermission({ app, person }: PageCaller, permission: string): boolean {
  return app.grants.get(person.id)?.permissions.get(permission) === 'granted'
}

export function needTask({ page, person }: PageCaller, ...anyOf: Task[]): void {
  const tasks = person.roles.get(page.id) ?? []
  if (!anyOf.some((task) => tasks.includes(task))) throw missingTask(anyOf.join(' or '))
}

export function askedFields(call: Call, usual: string): FieldTree {
  return parseFields(call.parameters.text('fields') ?? usual)
}

const USUAL_LIMIT = 25
const MOST_LIMIT = 100

/** A page of a list with cursors; the last one has no `next`. */
export function listed(
  call: Call,
  records: readonly Record<string, unknown>[],
  usualFields: string,
): Record<string, unknown> {
  const { parameters, box } = call
  const limit = parameters.number('limit') ?? USUAL_LIMIT
  if (!(limit >= 0)) throw invalidParameter('param limit must be a positive number')
  const count = Math.min(Math.max(limit, 1), MOST_LIMIT)
  const after = cursorIndex(parameters.text('after'))
  const before = cursorIndex(parameters.text('before'))
  const start = after !== undefined ? after + 1 : before !== undefined ? Math.max(before - count, 0) : 0
  const chosen = records.slice(start, before !== undefined ? Math.min(start + count, before) : start + count)
  const fields = askedFields(call, usualFields)
  const data = chosen.map((record) => pick(record, fields))
  if (chosen.length === 0) return { data }
  const last = start + chosen.length - 1
  const link = (name: string, index: number): string => {
    const url = new URL(call.path, box.origin)
    for (const [key, value] of Object.entries(parameters.all()))
      if (key !== 'after' && key !== 'before') url.searchParams.set(key, String(value))
    url.searchParams.set('limit', String(count))
    url.searchParams.set(name, cursor(index))
    return url.href
  }
  return {
    data,
    paging: {
      cursors: { before: cursor(start), after: cursor(last) },
      ...(last + 1 < records.length && { next: link('after', last) }),
      ...(start > 0 && { previous: link('before', start) }),
    },
  }
}

const cursor = (index: number): string => Buffer.from(`c:${index}`).toString('base64url')

function cursorIndex(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const index = Number(Buffer.from(text, 'base64url').toString('utf8').replace(/^c:/, ''))
  if (!Number.isInteger(index) || index < 0) throw invalidParameter('Invalid cursor')
  return index
}

/** As REST writes times: no colon in the offset. */
export function restTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+0000`
}
