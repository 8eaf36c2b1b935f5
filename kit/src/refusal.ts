// A refusal: the caller can act on it, so it says what, where and how to do better.
import { type ProblemCode, problems } from '@patchbay/protocol/problem.ts'

export interface RefusalOptions {
  /** The field of the request that is at fault. */
  field?: string
  /** What would have been accepted in its place. */
  allowed?: readonly (string | number)[]
  /** Told to the caller in whole seconds, at least one. */
  retryAfterSeconds?: number
  headers?: Readonly<Record<string, string>>
  /** Further members of the problem document. */
  extra?: Readonly<Record<string, unknown>>
}

/** The problem document of RFC 9457 as it goes over the wire, `application/problem+json`. */
export interface Problem {
  type: string
  title: string
  status: number
  code: ProblemCode
  detail: string
  field?: string
  allowed?: readonly (string | number)[]
  [extra: string]: unknown
}

/** Status and title come from the table of codes; `detail` says what is the matter this time, by default the usual cause. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: ProblemCode
  readonly status: number
  readonly detail: string
  readonly field: string | undefined
  readonly allowed: readonly (string | number)[] | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly extra: Readonly<Record<string, unknown>>

  constructor(code: ProblemCode, detail: string = problems[code].cause, options: RefusalOptions = {}) {
    super(`${code} ${detail}`)
    this.code = code
    this.status = problems[code].status
    this.detail = detail
    this.field = options.field
    this.allowed = options.allowed
    this.headers = { ...options.headers, ...retryAfter(options.retryAfterSeconds) }
    this.extra = options.extra ?? {}
  }

  toProblem(): Problem {
    return {
      ...this.extra,
      type: `/docs/errors#${this.code}`,
      title: problems[this.code].title,
      status: this.status,
      code: this.code,
      detail: this.detail,
      ...(this.field !== undefined && { field: this.field }),
      ...(this.allowed !== undefined && { allowed: this.allowed }),
    }
  }
}

function retryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(seconds))) }
}
