/** How much of one token or key is passed on: so many a second with a burst, and so many at once. */
import { Refusal } from '@patchbay/kit/refusal.ts'

interface Bucket {
  tokens: number
  at: number
  inFlight: number
}

export interface Limits {
  /** Throws RL-106 with the seconds to wait; answers what to call at the end. */
  enter(digest: string): () => void
}

const AT_ONCE = 256
const SWEEP_AT = 10_000

export function createLimits(
  options: { ratePerSecond: number; rateBurst: number },
  now: () => number = () => performance.now(),
): Limits {
  const { ratePerSecond, rateBurst } = options
  const buckets = new Map<string, Bucket>()

  const sweep = (at: number): void => {
    const fullAfterMs = (rateBurst / ratePerSecond) * 1000
    for (const [digest, bucket] of buckets)
      if (bucket.inFlight === 0 && at - bucket.at > fullAfterMs) buckets.delete(digest)
  }

  return {
    enter(digest) {
      const at = now()
      if (buckets.size >= SWEEP_AT) sweep(at)
      const bucket = buckets.get(digest) ?? { tokens: rateBurst, at, inFlight: 0 }
      buckets.set(digest, bucket)
      bucket.tokens = Math.min(rateBurst, bucket.tokens + ((at - bucket.at) / 1000) * ratePerSecond)
      bucket.at = at
      if (bucket.tokens < 1) {
        const retryAfterSeconds = (1 - bucket.tokens) / ratePerSecond
        throw new Refusal('RL-106', `More than ${ratePerSecond} requests a second came for this token.`, {
          retryAfterSeconds,
        })
      }
      if (bucket.inFlight >= AT_ONCE)
        throw new Refusal('RL-106', `More than ${AT_ONCE} requests for this token are under way.`, {
          retryAfterSeconds: 1,
        })
      bucket.tokens--
      bucket.inFlight++
      return () => {
        bucket.inFlight--
      }
    },
  }
}
