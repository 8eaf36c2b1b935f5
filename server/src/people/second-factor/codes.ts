/** What authenticators and recovery codes are made of: the numbers of RFC 6238, and random codes for the drawer. */
import { randomToken, sha256 } from '@patchbay/kit/crypto.ts'
import { Secret, TOTP } from 'otpauth'

/** With the hash of RFC 6238 that every authenticator knows, the library's own choice. */
const kind = { digits: 6, period: 30 } as const
/** One step each way: the device's clock, and the time it takes to type. */
const DRIFT_STEPS = 1
const SECRET_BYTES = 20
const RECOVERY_CODES = 10
const RECOVERY_LENGTH = 24

export function newSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32
}

/** For a QR code; `host` tells several installations apart. */
export function uriOf(secret: string, email: string, host: string): string {
  return new TOTP({ ...kind, issuer: `Patchbay ${host}`, label: email, secret }).toString()
}

/** The time step whose code this is; null for a code that is not of now. */
export function stepOf(secret: string, code: string, now = Date.now()): number | null {
  const totp = new TOTP({ ...kind, secret })
  const delta = totp.validate({ token: code, timestamp: now, window: DRIFT_STEPS })
  return delta === null ? null : totp.counter({ timestamp: now }) + delta
}

export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    (randomToken('').slice(0, RECOVERY_LENGTH).match(/.{6}/g) ?? []).join('-'),
  )
}

/** As people type them: without spaces and dashes, in any case. */
export function plainCode(code: string): string {
  return code.replace(/[\s-]/g, '').toLowerCase()
}

export function recoveryDigest(code: string): Buffer {
  return sha256(plainCode(code))
}
