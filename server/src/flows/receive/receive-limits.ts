/** How much of an account's messages is taken at a time: a token bucket for the rate, a cap for what is under way. */
import { Refusal } from '@patchbay/kit/refusal.ts'

export interface RateLimits {
  id: number
  ratePerSecond: number
  rateBurst: number
}

export interface Limiter {
  /** Counts one message in; answers the function that counts it out. Refuses with OC-109. */
  enter(account: RateLimits): () => void
}

const MOST_AT_ONCE = 512

interface Bucket {
  tokens: number
  filledAt: number
  underWay: number
}

export function createLimiter(now: () => number = () => performance.now()): Limiter {
  const buckets = new Map<number, Bucket>()

  return {
    enter({ id, ratePerSecond, rateBurst }) {
      const at = now()
      let bucket = buckets.get(id)
      if (!bucket) {
        bucket = { tokens: rateBurst, filledAt: at, underWay: 0 }
        buckets.set(id, bucket)
      }
      const filled = bucket.tokens + ((at - bucket.filledAt) / 1000) * ratePerSecond
      bucket.tokens = Math.min(rateBurst, filled)
      bucket.filledAt = at
      if (bucket.underWay >= MOST_AT_ONCE) {
        const detail = `${MOST_AT_ONCE} messages of this account are being stored at this moment.`
        throw new Refusal('OC-109', detail, { retryAfterSeconds: 1 })
      }
      if (bucket.tokens < 1) {
        const detail = `The account takes ${ratePerSecond} messages a second, and ${rateBurst} at once.`
        throw new Refusal('OC-109', detail, { retryAfterSeconds: (1 - bucket.tokens) / ratePerSecond })
      }
      bucket.tokens -= 1
      bucket.underWay += 1
      const entered = bucket
      return () => {
        entered.underWay -= 1
      }
    },
  }
}
