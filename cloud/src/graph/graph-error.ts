/** What Meta refuses: read from the content of an answer, since its status is not reliable and its words are localised. */

/**
 * What to do about it:
 *   token        the token is dead: a new login is needed
 *   permission   something was not granted, or was taken back
 *   rate         too many calls: of the app, the page or the user; wait `retryAfterMs`
 *   blocked      Meta has blocked the page or the app for a while
 *   gone         the object does not exist, or is not visible any more
 *   login        the code of a login was used, or belongs to another address
 *   transient    try again later
 *   refused      anything else: the same call fails again
 */
export type GraphErrorKind =
  | 'token'
  | 'permission'
  | 'rate'
  | 'blocked'
  | 'gone'
  | 'login'
  | 'transient'
  | 'refused'

export interface GraphErrorFields {
  kind: GraphErrorKind
  /** Null where no answer came, or one that is none of Meta's. */
  code: number | null
  subcode: number | null
  /** Of the answer; null where none came. */
  status: number | null
  /** For people, in whatever language Meta chose: nothing may depend on them. */
  words: string
  retryAfterMs?: number | undefined
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
  readonly words: string
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly isAmbiguous: boolean
  readonly traceId: string | undefined

  constructor(fields: GraphErrorFields) {
    const { kind, code, subcode, status, words } = fields
    super(`${kind} ${code ?? '-'}/${subcode ?? '-'} (${status ?? 'no answer'}): ${words}`)
    this.kind = kind
    this.code = code
    this.subcode = subcode
    this.status = status
    this.words = words
    this.retryable = kind === 'rate' || kind === 'transient'
    this.retryAfterMs = fields.retryAfterMs
    this.isAmbiguous = fields.isAmbiguous ?? false
    this.traceId = fields.traceId
  }
}

const USUAL_PAUSE_MS = 60_000
const BLOCK_MS = 60 * 60_000
/** Of the app, the user, the page, Messenger, Instagram and whatever has a limit of its own. */
const rateCodes = new Set([4, 17, 32, 341, 613, 80001, 80002, 80006])
const tokenCodes = new Set([102, 190])
const loginSubcodes = new Set([36008, 36009])

/** Undefined for an answer that refuses nothing. `regainMs`: what the usage headers say of when calls are taken again. */
export function readGraphError(status: number, body: unknown, regainMs?: number): GraphError | undefined {
  const error = (body as { error?: unknown } | null)?.error
  if (typeof error !== 'object' || error === null) {
    if (status < 400) return undefined
    const kind = status === 429 ? 'rate' : status >= 500 ? 'transient' : 'refused'
    const words = `An answer with status ${status} and no error in it.`
    return new GraphError({
      kind,
      code: null,
      subcode: null,
      status,
      words,
      retryAfterMs: waitFor(kind, regainMs),
    })
  }
  const { code, error_subcode, is_transient, message, fbtrace_id } = error as Record<string, unknown>
  const number = asNumber(code)
  const subcode = asNumber(error_subcode)
  const kind = kindOf(status, number, subcode, is_transient === true)
  return new GraphError({
    kind,
    code: number,
    subcode,
    status,
    words: typeof message === 'string' ? message.slice(0, 500) : 'No words.',
    retryAfterMs: waitFor(kind, regainMs),
    traceId: typeof fbtrace_id === 'string' ? fbtrace_id : undefined,
  })
}

function kindOf(
  status: number,
  code: number | null,
  subcode: number | null,
  isTransient: boolean,
): GraphErrorKind {
  if (code !== null && tokenCodes.has(code)) return 'token'
  if (code !== null && rateCodes.has(code)) return subcode === 2018338 ? 'refused' : 'rate'
  if (code === 368) return 'blocked'
  if (code === 100 && subcode === 33) return 'gone'
  if (code === 100 && subcode !== null && loginSubcodes.has(subcode)) return 'login'
  if ((code === 3 || code === 10) && subcode === null) return 'permission'
  if (code !== null && code >= 200 && code < 300 && subcode === null) return 'permission'
  if (isTransient || code === 1 || (code === 2 && subcode !== 2018344)) return 'transient'
  if (code === 1200 && subcode === 2018024) return 'transient'
  if (status === 429) return 'rate'
  return code === null && status >= 500 ? 'transient' : 'refused'
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
