/** The time of an attempt, cut into what it was spent on. Pure. */
import type { LogAttempt } from '@patchbay/protocol/api/log.ts'

export type Step = 'dns' | 'connect' | 'tls' | 'wait' | 'read'

/** In the order in which they happen, without those that took no time; a kept connection starts with waiting. */
export function stepsOf(timing: LogAttempt['timing'], totalMs: number): { step: Step; ms: number }[] {
  const { dnsMs, connectMs, tlsMs, firstByteMs } = timing
  const opening = (dnsMs ?? 0) + (connectMs ?? 0) + (tlsMs ?? 0)
  const answeredMs = firstByteMs ?? totalMs
  const steps: { step: Step; ms: number }[] = [
    { step: 'dns', ms: dnsMs ?? 0 },
    { step: 'connect', ms: connectMs ?? 0 },
    { step: 'tls', ms: tlsMs ?? 0 },
    { step: 'wait', ms: Math.max(0, answeredMs - opening) },
    { step: 'read', ms: Math.max(0, totalMs - answeredMs) },
  ]
  return steps.filter(({ ms }) => ms > 0)
}
