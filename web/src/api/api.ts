/** The way to the server: one typed call per endpoint of a table in the protocol, which is imported as types only. */
import type { Api } from '@patchbay/protocol/api.ts'
import type { Answer, Body, Endpoint, Params, Query } from '@patchbay/protocol/endpoint.ts'

export type Key = keyof Api
type Of<T, K extends keyof T> = T[K] extends Endpoint ? T[K] : never

/** `params`, `query` and `body` exactly where the endpoint has them; optional where nothing in them is required. */
type Part<Name extends string, T> = [T] extends [undefined]
  ? { [N in Name]?: undefined }
  : Record<never, never> extends T
    ? { [N in Name]?: T }
    : { [N in Name]: T }
export type Call<K extends keyof T, T = Api> = Part<'params', Params<Of<T, K>>> &
  Part<'query', Query<Of<T, K>>> &
  Part<'body', Body<Of<T, K>>> & { signal?: AbortSignal }
export type Answered<K extends keyof T, T = Api> = Answer<Of<T, K>>

/** A refusal of the server (RFC 9457) or, with status 0, a server that could not be reached. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  /** The field of the body that it is about. */
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined
  /** Everything else that the refusal says. */
  readonly more: Readonly<Record<string, unknown>>

  constructor(status: number, problem: Record<string, unknown>, retryAfterSeconds?: number) {
    const text = (key: string) => (typeof problem[key] === 'string' ? problem[key] : undefined)
    super(text('detail') ?? text('title') ?? `HTTP ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.code = text('code') ?? (status === 0 ? 'offline' : `http-${status}`)
    this.detail = this.message
    this.field = text('field')
    this.retryAfterSeconds = retryAfterSeconds
    this.more = problem
  }
}

let onSignedOut = () => {}

/** Called when an answer says that there is no session (any more). */
export function whenSignedOut(listener: () => void) {
  onSignedOut = listener
}

type Arguments<T, K extends keyof T> =
  Record<never, never> extends Call<K, T> ? [key: K, call?: Call<K, T>] : [key: K, call: Call<K, T>]

/** The calls of one table. */
export type ApiOf<T> = <K extends keyof T & string>(...call: Arguments<T, K>) => Promise<Answered<K, T>>

/** Throws ApiError. An answer without a body (204) is null. */
export const api: ApiOf<Api> = ask

/** Of whichever table: the types are put on by who names the table. */
export async function ask(key: string, call?: unknown): Promise<never>
export async function ask(key: string, call?: unknown): Promise<unknown> {
  const { params, query, body, signal } = (call ?? {}) as Loose
  const [method, path] = splitKey(key)
  const response = await send(`${fillPath(path, params)}${queryOf(query)}`, {
    method,
    ...(signal ? { signal } : {}),
    ...(method === 'GET'
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }),
  })
  return response.status === 204 ? null : await response.json()
}

/** `fetch` whose refusals are ApiErrors; for uploads and downloads, which are no JSON. */
export async function send(url: string, init: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, {
      credentials: 'same-origin',
      ...init,
      headers: { accept: 'application/json', ...init.headers },
    })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError(0, { detail: 'The server cannot be reached' })
  }
  if (response.ok) return response
  const error = await refusal(response)
  if (error.code === 'AU-104') onSignedOut()
  throw error
}

async function refusal(response: Response) {
  const after = Number(response.headers.get('retry-after'))
  let problem: unknown
  try {
    problem = await response.json()
  } catch {
    // A proxy in between answers in HTML.
    problem = {}
  }
  return new ApiError(response.status, isRecord(problem) ? problem : {}, after > 0 ? after : undefined)
}

interface Loose {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  signal?: AbortSignal
}

export function splitKey(key: string): [method: string, path: string] {
  const at = key.indexOf(' ')
  return [key.slice(0, at), key.slice(at + 1)]
}

export function fillPath(path: string, params: Record<string, unknown> = {}) {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
}

/** Lists repeat their name; undefined and null are left out. */
export function queryOf(query: Record<string, unknown> = {}) {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) search.append(name, String(one))
    }
  }
  return search.size > 0 ? `?${search}` : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
