// A refusal: the caller can act on it, so it says what, where and how to do better.

export interface RefusalOptions {
  /** The field of the request that is at fault. */
  field?: string
  /** What would have been accepted in its place. */
  allowed?: readonly (string | number)[]
  headers?: Readonly<Record<string, string>>
  /** Further members of the problem document. */
  extra?: Readonly<Record<string, unknown>>
}

/** The problem document of RFC 9457 as it goes over the wire. */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
  field?: string
  allowed?: readonly (string | number)[]
  [extra: string]: unknown
}

export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly field: string | undefined
  readonly allowed: readonly (string | number)[] | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly extra: Readonly<Record<string, unknown>>

  constructor(status: number, code: string, detail: string, options: RefusalOptions = {}) {
    super(detail)
    this.status = status
    this.code = code
    this.detail = detail
    this.field = options.field
    this.allowed = options.allowed
    this.headers = options.headers ?? {}
    this.extra = options.extra ?? {}
  }

  toProblem(): Problem {
    return {
      ...this.extra,
      type: `/docs/errors#${this.code}`,
      title: titles[this.status] ?? 'Refused',
      status: this.status,
      code: this.code,
      detail: this.detail,
      ...(this.field !== undefined && { field: this.field }),
      ...(this.allowed !== undefined && { allowed: this.allowed }),
    }
  }
}

type Refuse = (code: string, detail: string, options?: RefusalOptions) => Refusal
const refuseWith =
  (status: number): Refuse =>
  (code, detail, options) =>
    new Refusal(status, code, detail, options)

export const badRequest = refuseWith(400)
export const unauthorized = refuseWith(401)
export const forbidden = refuseWith(403)
export const notFound = refuseWith(404)
export const conflict = refuseWith(409)
export const gone = refuseWith(410)
export const tooLarge = refuseWith(413)
export const unsupportedMedia = refuseWith(415)

/** `retryAfterSeconds` is told to the caller in whole seconds, at least one. */
export function tooMany(
  code: string,
  detail: string,
  retryAfterSeconds: number,
  options: RefusalOptions = {},
): Refusal {
  return new Refusal(429, code, detail, withRetryAfter(options, retryAfterSeconds))
}

export function unavailable(
  code: string,
  detail: string,
  retryAfterSeconds: number,
  options: RefusalOptions = {},
): Refusal {
  return new Refusal(503, code, detail, withRetryAfter(options, retryAfterSeconds))
}

function withRetryAfter(options: RefusalOptions, seconds: number): RefusalOptions {
  return {
    ...options,
    headers: { ...options.headers, 'retry-after': String(Math.max(1, Math.ceil(seconds))) },
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  408: 'Too slow',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length required',
  412: 'Precondition failed',
  413: 'Too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  416: 'Range not satisfiable',
  422: 'Not usable',
  428: 'Precondition required',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Not available now',
}
