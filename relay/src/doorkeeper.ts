/** Knows who calls the relay's own endpoints: its operator by token, a server by its key. Failures are throttled per address. */
import { equalInConstantTime } from '@patchbay/kit/crypto.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Codes } from './codes.ts'
import type { Registry } from './registry.ts'

export interface Doorkeeper {
  /** Throws RL-105 or AU-102. */
  requireOperator(authorization: string | undefined, address: string): void
  /** The id of the server whose key this is; throws RL-105 or AU-102. */
  serverOf(authorization: string | undefined, address: string): string
  /** Counts a failure of another kind, such as a code that opens nothing; `check` before, so that no guess is free. */
  check(address: string): void
  failed(address: string): void
}

const FAILURES = 20
const WITHIN_MS = 60_000
const MOST_ADDRESSES = 50_000

export function createDoorkeeper(options: {
  adminToken: string
  codes: Codes
  registry: Pick<Registry, 'get' | 'meet'>
  now?: () => Date
}): Doorkeeper {
  const { adminToken, codes, registry, now = () => new Date() } = options
  const failures = new Map<string, { count: number; until: number }>()

  const check = (address: string): void => {
    const at = now().getTime()
    const known = failures.get(address)
    if (!known || known.until <= at) return
    if (known.count >= FAILURES)
      throw new Refusal('AU-102', 'Too many keys or codes from this address were wrong.', {
        retryAfterSeconds: (known.until - at) / 1000,
      })
  }
  const failed = (address: string): void => {
    const at = now().getTime()
    const known = failures.get(address)
    if (known && known.until > at) known.count++
    else {
      // The oldest makes room: a flood from many addresses must not fill the memory.
      if (failures.size >= MOST_ADDRESSES) failures.delete(failures.keys().next().value ?? '')
      failures.set(address, { count: 1, until: at + WITHIN_MS })
    }
  }
  const bearerOf = (authorization: string | undefined): string =>
    /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1] ?? ''

  return {
    check,
    failed,
    requireOperator(authorization, address) {
      check(address)
      if (equalInConstantTime(bearerOf(authorization), adminToken)) return
      failed(address)
      throw new Refusal('RL-105')
    },
    serverOf(authorization, address) {
      check(address)
      const serverId = codes.serverOf(bearerOf(authorization))
      if (serverId === undefined) failed(address)
      else if (!(registry.get(serverId) ?? registry.meet(serverId, now())).revoked) return serverId
      throw new Refusal('RL-105')
    },
  }
}
