/** What the log knows of an attempt beside its bodies; absent where nothing was sent. */
import type { DoorCode } from '@patchbay/kit/door-error.ts'

export interface AttemptDetails {
  /** Without what opens a door. */
  url: string
  requestHeaders: Record<string, string>
  responseHeaders: Record<string, string> | null
  requestBytes: number
  /** Of what was read of the answer. */
  responseBytes: number | null
  dnsMs: number | null
  connectMs: number | null
  tlsMs: number | null
  firstByteMs: number | null
  /** Why there was no answer. */
  failure: DoorCode | null
}
