/** What the log knows of an attempt beside its bodies. Absent where nothing was sent. */
import { type DoorCode, DoorError } from '@patchbay/kit/door-error.ts'
import type { DoorResponse, DoorTiming } from '@patchbay/kit/outbound.ts'
import { BLANK, isSecretHeader } from '@patchbay/kit/secret-headers.ts'
import { blankSecrets } from './record.ts'

export interface AttemptDetails {
  /** Without what opens a door. */
  url: string
  requestHeaders: Record<string, string>
  responseHeaders: Record<string, string> | null
  requestBytes: number
  /** Of what was read of the answer. */
  responseBytes: number | null
  /** In milliseconds; null where a step was not needed or not reached. */
  dnsMs: number | null
  connectMs: number | null
  tlsMs: number | null
  firstByteMs: number | null
  /** Why there was no answer. */
  failure: DoorCode | null
}

interface Sent {
  url: string
  headers: Readonly<Record<string, string>>
  body: string
}

/** `secrets` are values that a receiver may have echoed. */
export function detailsOf(
  sent: Sent,
  answer: DoorResponse | DoorError,
  secrets: readonly string[],
): AttemptDetails {
  const failed = answer instanceof DoorError
  return {
    url: blankSecrets(sent.url, secrets),
    requestHeaders: keptHeaders(sent.headers, secrets),
    responseHeaders: failed ? null : keptHeaders(answer.headers, secrets),
    requestBytes: Buffer.byteLength(sent.body),
    responseBytes: failed ? null : answer.body.length,
    ...keptTiming(answer.timing),
    failure: failed && answer.status === undefined ? answer.code : null,
  }
}

function keptTiming(timing: Partial<DoorTiming> = {}) {
  const { dnsMs, connectMs, tlsMs, firstByteMs } = timing
  return {
    dnsMs: kept(dnsMs),
    connectMs: kept(connectMs),
    tlsMs: kept(tlsMs),
    firstByteMs: kept(firstByteMs),
  }
}

// On a kept connection these are 0.
const kept = (ms: number | undefined): number | null => (ms ? Math.round(ms * 100) / 100 : null)

const MOST_HEADERS = 50
const MOST_CHARS = 500

function keptHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  secrets: readonly string[],
): Record<string, string> {
  const some = Object.entries(headers).slice(0, MOST_HEADERS)
  return Object.fromEntries(
    some.map(([name, value = '']) => [
      name,
      isSecretHeader(name) ? BLANK : blankSecrets(String(value), secrets).slice(0, MOST_CHARS),
    ]),
  )
}
