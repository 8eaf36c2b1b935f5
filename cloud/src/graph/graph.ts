/** Meta's API: every call through the guarded door, with the proof that it is this app's, and refusals as GraphError. */
import { hmacSha256 } from '@patchbay/kit/crypto.ts'
import { DoorError } from '@patchbay/kit/door-error.ts'
import { parseJson } from '@patchbay/kit/json.ts'
import type { Door, DoorResponse } from '@patchbay/kit/outbound.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { FacebookApp } from '../config.ts'
import { GraphError, readGraphError } from './graph-error.ts'
import { readUsage, type Usage } from './usage.ts'

export interface GraphCall {
  /** Without the version: `me/accounts`. */
  path: string
  token: string
  params?: Readonly<Record<string, string>>
  /** JSON, or bytes with the type that says what they are. */
  body?: object | { bytes: Uint8Array; contentType: string }
  timeoutMs?: number
  signal?: AbortSignal
}

export interface GraphAnswer<T> {
  body: T
  usage: Usage
}

export interface Graph {
  /** Throws the refusal CL-101 while no app is set up, else a GraphError alone. */
  call<T>(method: 'GET' | 'POST' | 'DELETE', call: GraphCall): Promise<GraphAnswer<T>>
  get<T>(path: string, token: string, params?: GraphCall['params']): Promise<T>
  /** All result pages of a list, up to `most` rows. */
  list<T>(path: string, token: string, params?: GraphCall['params'], most?: number): Promise<T[]>
  /** Result pages from `after` on, until a row for which `isMet` holds, or the end; it is whole unless `most` rows came first. */
  walk<T>(path: string, token: string, params: GraphCall['params'], end: WalkEnd<T>): Promise<Walked<T>>
  /** The two steps of a login, in which the app's secret stands in for a token. */
  exchange<T>(params: Readonly<Record<string, string>>): Promise<T>
  /** The app that is set up; throws CL-101. */
  app(): FacebookApp
  /** `<app id>|<app secret>`. */
  appToken(): string
}

export interface WalkEnd<T> {
  isMet?(row: T): boolean
  most: number
  after?: string | undefined
}

export interface Walked<T> {
  rows: T[]
  isWhole: boolean
}

const TIMEOUT_MS = 15_000
const ANSWER_BYTES = 4 * 1024 * 1024
const MOST_ROWS = 5_000
const MOST_PAGES = 100
const jsonLimits = { depth: 32, keys: 1_000, stringBytes: 1024 * 1024 }

export function createGraph(options: { app: FacebookApp | undefined; door: Pick<Door, 'request'> }): Graph {
  const { door } = options

  function app(): FacebookApp {
    if (!options.app) throw new Refusal('CL-101')
    return options.app
  }

  function address(path: string, params: Readonly<Record<string, string>>): string {
    const { graphUrl, graphVersion } = app()
    const url = new URL(`${graphUrl}/${graphVersion}/${path}`)
    for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
    return url.href
  }

  const call: Graph['call'] = async <T>(method: 'GET' | 'POST' | 'DELETE', wanted: GraphCall) => {
    const { path, token, params = {}, body } = wanted
    // In a header, where it stands in no log of an address.
    const headers: Record<string, string> = { authorization: `Bearer ${token}` }
    const content = body && readContent(body)
    if (content) headers['content-type'] = content.contentType
    return ask<T>(method, {
      url: address(path, { ...params, appsecret_proof: proofOf(token, app()) }),
      headers,
      ...(content && { body: content.bytes }),
      timeoutMs: wanted.timeoutMs ?? TIMEOUT_MS,
      ...(wanted.signal && { signal: wanted.signal }),
    })
  }

  async function ask<T>(
    method: 'GET' | 'POST' | 'DELETE',
    request: Omit<Parameters<Door['request']>[0], 'method'>,
  ): Promise<GraphAnswer<T>> {
    const answer = await door
      .request({ method, maxResponseBytes: ANSWER_BYTES, ...request })
      .catch((error: unknown) => {
        throw asGraphError(error, method)
      })
    const usage = readUsage(answer.headers)
    const body = readBody(answer)
    const error = readGraphError(answer.status, body, usage.regainMs)
    if (error) throw error
    return { body: body as T, usage }
  }

  const get: Graph['get'] = async <T>(path: string, token: string, params: GraphCall['params'] = {}) =>
    (await call<T>('GET', { path, token, params })).body

  const walk: Graph['walk'] = async <T>(
    path: string,
    token: string,
    params: GraphCall['params'],
    { isMet, most, after: start }: WalkEnd<T>,
  ): Promise<Walked<T>> => {
    const rows: T[] = []
    let after = start
    // A page may be empty and have a next one all the same.
    for (let page = 0; page < MOST_PAGES && rows.length < most; page++) {
      const answer = await get<ListPage<T>>(path, token, { ...params, ...(after !== undefined && { after }) })
      const more = answer.data ?? []
      rows.push(...more)
      const next = nextOf(answer)
      if (next === undefined || next === after || (isMet && more.some(isMet)))
        return { rows: rows.slice(0, most), isWhole: rows.length <= most }
      after = next
    }
    return { rows: rows.slice(0, most), isWhole: false }
  }

  return {
    app,
    call,
    get,
    appToken: () => `${app().appId}|${app().appSecret.reveal()}`,

    walk,

    list: async <T>(path: string, token: string, params: GraphCall['params'] = {}, most = MOST_ROWS) =>
      (await walk<T>(path, token, params, { most })).rows,

    async exchange<T>(params: Readonly<Record<string, string>>) {
      const { appId, appSecret } = app()
      const url = address('oauth/access_token', {
        client_id: appId,
        client_secret: appSecret.reveal(),
        ...params,
      })
      return (await ask<T>('GET', { url, timeoutMs: TIMEOUT_MS })).body
    },
  }
}

interface ListPage<T> {
  data?: T[]
  paging?: { cursors?: { after?: string }; next?: string }
}

// `next` is a whole address with a token in it: only its cursor is taken, and our own address asked again.
function nextOf({ paging }: ListPage<unknown>): string | undefined {
  if (!paging?.next) return undefined
  const inAddress = URL.canParse(paging.next) ? new URL(paging.next).searchParams.get('after') : null
  return paging.cursors?.after ?? inAddress ?? undefined
}

/** It shows that who has the token has the app's secret as well, so that a stolen token alone opens nothing. */
export function proofOf(token: string, { appSecret }: Pick<FacebookApp, 'appSecret'>): string {
  return hmacSha256(appSecret.reveal(), token).toString('hex')
}

function readContent(body: object): { bytes: Uint8Array | string; contentType: string } {
  if ('bytes' in body && 'contentType' in body) return body as { bytes: Uint8Array; contentType: string }
  return { bytes: JSON.stringify(body), contentType: 'application/json' }
}

// Ids have more digits than a number holds, so a number that might lose some is kept as it was written.
function readBody({ body }: DoorResponse): unknown {
  try {
    return parseJson(body.toString('utf8'), { limits: jsonLimits, exactNumber: (source) => source })
  } catch {
    return undefined
  }
}

// Before a connection stood, nothing can have been done.
const beforeSending = new Set<string>(['dns', 'connect', 'tls', 'blocked-address', 'bad-url'])

function asGraphError(error: unknown, method: string): unknown {
  if (!(error instanceof DoorError)) return error
  return new GraphError({
    code: null,
    subcode: null,
    status: error.status ?? null,
    isTransient: true,
    words: error.message,
    isAmbiguous: method !== 'GET' && !beforeSending.has(error.code),
  })
}
