/** Routes of pairing: a contact centre waits under a code, and a user of the cloud enters it. */
import { createThrottle } from '@patchbay/kit/throttle.ts'
import type { cloudPairingsApi } from '@patchbay/protocol/api/cloud-pairings.ts'
import type { Caller, Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import { readReceiveUrl } from '../../integrations/target.ts'
import * as pairings from '../../pairings/pairings.ts'
import type { Chosen } from './bind.ts'
import { fetchTarget } from './centre.ts'

/** Of 2^40 codes. */
const forCodes = { perUser: 5, perAddress: 20, inAll: 60 }
const forOffers = { perUser: 20, perAddress: 20, inAll: 120 }

export interface Pairing {
  routes: Handlers<typeof cloudPairingsApi>
  /** The account under a code; it is used up when the page is bound. */
  claim(caller: Caller, code: string): Promise<Chosen>
}

export function createPairing(ctx: Context): Pairing {
  const { db, door, sealingKey } = ctx
  const guesses = createThrottle(forCodes)
  const offers = createThrottle(forOffers)

  // Wrong codes count; looking at one's own twice is no guess.
  async function find({ user, address }: Caller, code: string) {
    await guesses.attempt(`user:${user.id}`, address)
    const found = await pairings.find(db, sealingKey, code)
    await guesses.forgive(`user:${user.id}`, address)
    return found
  }

  return {
    routes: {
      'POST /api/pairings': async ({ body, request }) => {
        await offers.attempt(request.ip, request.ip)
        const { host } = readReceiveUrl(body.receiveUrl)
        const expiresAt = await pairings.offer(db, sealingKey, { ...body, host, address: request.ip })
        return { expiresAt: expiresAt.toISOString() }
      },
      'POST /api/pairings/look': async ({ caller, body }) => {
        const { serverName, host, expiresAt } = await find(caller, body.pairingCode)
        return { serverName, host, expiresAt: expiresAt.toISOString() }
      },
    },

    async claim(caller, code) {
      const { receiveUrl, apiKey, serverName } = await find(caller, code)
      // Its answer is fresher than what was offered, and its use tells the contact centre that the key was claimed.
      const target = await fetchTarget(door, { receiveUrl, apiKey }, serverName)
      return { target, use: (tx) => pairings.use(tx, code) }
    },
  }
}
