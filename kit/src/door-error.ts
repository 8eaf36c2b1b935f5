// What can go wrong at the guarded door, in a code for programs and a sentence for people.

export type DoorCode =
  | 'bad-url'
  | 'blocked-address'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'protocol'
  | 'cancelled'

export class DoorError extends Error {
  override name = 'DoorError'
  readonly code: DoorCode
  /** The same request may succeed later without anybody changing anything here. */
  readonly retryable: boolean
  /** The status, when one arrived before the rest failed. */
  status: number | undefined
  /** Of the steps that were reached, in milliseconds. */
  timing: { dnsMs: number; connectMs: number; tlsMs: number } | undefined

  constructor(code: DoorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.code = code
    this.retryable = code !== 'bad-url' && code !== 'blocked-address'
  }
}

/** `host` stands in the sentence; the rest of the address may hold secrets. */
export function asDoorError(error: unknown, host: string): DoorError {
  if (error instanceof DoorError) return error
  if (error instanceof AggregateError && error.errors.length > 0) return asDoorError(error.errors[0], host)
  const code = String((error as { code?: unknown }).code ?? '')
  const [kind, sentence] = known[code] ??
    tlsFailure(code, error) ?? ['protocol', 'did not answer in understandable HTTP']
  return new DoorError(kind, `${host} ${sentence}.`, error)
}

const known: Readonly<Record<string, [DoorCode, string]>> = {
  ENOTFOUND: ['dns', 'is a name that does not exist'],
  ENODATA: ['dns', 'is a name without an address'],
  ETIMEOUT: ['dns', 'could not be looked up: the name server did not answer'],
  ESERVFAIL: ['dns', 'could not be looked up: its name server reports a failure'],
  EREFUSED: ['dns', 'could not be looked up: the name server refused'],
  EAI_AGAIN: ['dns', 'could not be looked up: the name server did not answer'],
  ECONNREFUSED: ['connect', 'refused the connection: nothing listens there'],
  EHOSTUNREACH: ['connect', 'cannot be reached from here'],
  ENETUNREACH: ['connect', 'cannot be reached from here'],
  EADDRNOTAVAIL: ['connect', 'cannot be reached from here'],
  ETIMEDOUT: ['timeout', 'did not answer in time'],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', 'did not answer in time'],
  ECONNRESET: ['reset', 'broke the connection'],
  EPIPE: ['reset', 'broke the connection'],
  UND_ERR_SOCKET: ['reset', 'broke the connection'],
  UND_ERR_HEADERS_OVERFLOW: ['protocol', 'answered with too many headers'],
}

// Certificate errors are many, and their names follow no prefix; what OpenSSL itself reports begins with ERR_SSL or EPROTO.
function tlsFailure(code: string, error: unknown): [DoorCode, string] | undefined {
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return ['tls', 'does not speak TLS as we do']
  if (code.startsWith('ERR_TLS') || /CERT|ISSUER|SELF_SIGNED|CRL|SIGNATURE/.test(code)) {
    return ['tls', `has a certificate that cannot be trusted (${(error as Error).message})`]
  }
  return
}
