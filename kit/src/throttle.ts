/** Slows down whoever guesses passwords or asks for mails: counted per user, per address and in all, before anything costly is done. */

import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Refusal } from './refusal.ts'

const MINUTE_S = 60

export interface Throttle {
  /** Counts the attempt as failed until `forgive` takes it back, so that a burst cannot slip through; throws AU-102. */
  attempt(email: string, address: string): Promise<void>
  forgive(email: string, address: string): Promise<void>
}

/** Per user and per address in a quarter of an hour, in all in a minute. */
interface Limits {
  perUser: number
  perAddress: number
  inAll: number
}

export const forSignIns: Limits = { perUser: 10, perAddress: 60, inAll: 1200 }
/** Each one is a mail to somebody, who may not have asked for it. */
export const forResets: Limits = { perUser: 3, perAddress: 20, inAll: 120 }

export function createThrottle(most: Limits): Throttle {
  const perUser = new RateLimiterMemory({ points: most.perUser, duration: 15 * MINUTE_S })
  const perAddress = new RateLimiterMemory({ points: most.perAddress, duration: 15 * MINUTE_S })
  const inAll = new RateLimiterMemory({ points: most.inAll, duration: MINUTE_S })
  const limits = (email: string, address: string) =>
    [
      [inAll, 'all'],
      [perAddress, networkOf(address)],
      [perUser, email.trim().toLowerCase()],
    ] as const

  return {
    async attempt(email, address) {
      for (const [limiter, key] of limits(email, address)) {
        await limiter.consume(key).catch((error: unknown) => {
          if (!(error instanceof RateLimiterRes)) throw error
          throw new Refusal('AU-102', undefined, { retryAfterSeconds: error.msBeforeNext / 1000 })
        })
      }
    },
    async forgive(email, address) {
      await Promise.all(limits(email, address).map(([limiter, key]) => limiter.reward(key)))
    },
  }
}

// One customer of a provider has a whole /64 of IPv6 addresses.
function networkOf(address: string): string {
  return address.includes(':') && !address.includes('.')
    ? new URL(`http://[${address.split('%')[0]}]`).hostname.split(':').slice(0, 4).join(':')
    : address
}
