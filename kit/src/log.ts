// The program's log: one JSON object per line on stdout, in which no token, key, password or cookie can appear.
import { type Logger, pino, stdTimeFunctions } from 'pino'

export type Log = Logger

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

const secretNames = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'apikey',
  'apiKey',
  'key',
  'code',
  'set-cookie',
]

export function createLog(options: {
  program: string
  level: LogLevel
  /** Where lines go, stdout unless told otherwise. */
  write?: (line: string) => void
}): Log {
  const { program, level, write } = options
  const paths = secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])
  return pino(
    {
      level,
      base: { program },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: '[secret]' },
      serializers: { err: describeError, error: describeError },
    },
    write ? { write } : pino.destination(1),
  )
}

/** An address without the values of its query, or the password before its host, that open a door. */
export function redactUrl(url: string): string {
  return url
    .replace(
      /([?&;](?:token|access_token|api[_-]?key|key|code|secret|client_secret|sig|signature|mac|auth|password|pass|pwd)=)[^&;#\s"]*/gi,
      '$1[secret]',
    )
    .replace(/(:\/\/[^/?#\s"@:]*:)[^/?#\s"@]+@/g, '$1[secret]@')
}

/** The same, and without what stands in its path where the route has a name for a secret, as `:mac`. */
export function redactPath(url: string, params: unknown): string {
  const values = Object.entries(params ?? {}).filter(([name]) => secretParam.test(name))
  return values.reduce(
    (text, [, value]) => text.replace(encodeURI(String(value)), '[secret]'),
    redactUrl(url),
  )
}

const secretParam = /^(token|key|code|secret|signature|mac)$/i

// Only these: what else an error carries may be the statement's values or a request's headers.
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, stack, cause } = error
  const code = (error as { code?: unknown }).code
  return {
    name,
    message: redactUrl(message),
    // Under `code` the censor would blank it, as a code that opens something.
    ...(code !== undefined && { errorCode: code }),
    stack: stack && redactUrl(stack),
    ...(cause !== undefined && { cause: describeError(cause) }),
  }
}
