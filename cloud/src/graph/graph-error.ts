/** What Meta refuses: read from the content of an answer, since its status is not reliable and its words are localised. */

import { type GraphErrorKind, type GraphFailure, lookUp } from './error-table.ts'

/** Code and status are null where no answer came, the code also where one came that is none of Meta's. */
export interface GraphErrorFields extends GraphFailure {
  /** For people, in whatever language Meta chose: nothing may depend on them. */
  words: string
  /** What the usage headers say of when calls are taken again. */
  regainMs?: number | undefined
  /** Nobody knows whether Meta did what was asked. */
  isAmbiguous?: boolean
  traceId?: string | undefined
}

export class GraphError extends Error {
  override name = 'GraphError'
  readonly kind: GraphErrorKind
  readonly code: number | null
  readonly subcode: number | null
  readonly status: number | null
  readonly isTransient: boolean
  readonly words: string
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly isAmbiguous: boolean
  readonly traceId: string | undefined

  constructor(fields: GraphErrorFields) {
    const { code, subcode, status, words } = fields
    const { kind } = lookUp(fields)
    super(`${kind} ${code ?? '-'}/${subcode ?? '-'} (${status ?? 'no answer'}): ${words}`)
    this.kind = kind
    this.code = code
    this.subcode = subcode
    this.status = status
    this.isTransient = fields.isTransient ?? false
    this.words = words
    this.retryable = kind === 'rate' || kind === 'transient'
    this.retryAfterMs = waitFor(kind, fields.regainMs)
    this.isAmbiguous = fields.isAmbiguous ?? false
    this.traceId = fields.traceId
  }
}

const USUAL_PAUSE_MS = 60_000
const BLOCK_MS = 60 * 60_000

/** Undefined for an answer that refuses nothing. */
export function readGraphError(status: number, body: unknown, regainMs?: number): GraphError | undefined {
  const error = (body as { error?: unknown } | null)?.error
  if (typeof error !== 'object' || error === null) {
    if (status < 400) return undefined
    const words = `An answer with status ${status} and no error in it.`
    return new GraphError({ code: null, subcode: null, status, words, regainMs })
  }
  const { code, error_subcode, is_transient, message, fbtrace_id } = error as Record<string, unknown>
  return new GraphError({
    code: asNumber(code),
    subcode: asNumber(error_subcode),
    isTransient: is_transient === true,
    status,
    words: typeof message === 'string' ? message.slice(0, 500) : 'No words.',
    regainMs,
    traceId: typeof fbtrace_id === 'string' ? fbtrace_id : undefined,
  })
}

function waitFor(kind: GraphErrorKind, regainMs: number | undefined): number | undefined {
  if (kind === 'rate') return regainMs ?? USUAL_PAUSE_MS
  return kind === 'blocked' ? BLOCK_MS : undefined
}

// Numbers come as text where they would lose digits.
function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}
