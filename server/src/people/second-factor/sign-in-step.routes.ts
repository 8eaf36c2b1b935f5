/** The second step of signing in: a code, or the set-up of a second factor that the role demands. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { signInApi } from '@patchbay/protocol/api/sign-in.ts'
import { type ChallengeStep, countTry, findChallenge, useChallenge } from '../../access/challenges.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Identity } from '../../access/identity.ts'
import * as audit from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { readMe } from '../me.ts'
import { signIn } from '../sign-in.ts'
import * as factor from './second-factor.ts'

type Routes = Pick<
  typeof signInApi,
  'POST /api/session/code' | 'POST /api/session/set-up' | 'POST /api/session/set-up/confirm'
>

export function signInStepRoutes(ctx: Context): Handlers<Routes> {
  const { db, config, log, sealingKey } = ctx

  async function userOf(challenge: string, step: ChallengeStep): Promise<Identity['user']> {
    const user = await findChallenge(db, challenge, step)
    if (!user) throw new Refusal('AU-109')
    return user
  }
  const useUp = async (tx: Tx, challenge: string): Promise<void> => {
    if (!(await useChallenge(tx, challenge))) throw new Refusal('AU-109')
  }
  const tell = (userId: number, address: string) => (error: unknown) => {
    if (error instanceof Refusal && error.code === 'AU-108')
      log.info({ userId, address }, 'a sign-in failed at its second step')
    throw error
  }

  return {
    'POST /api/session/code': async ({ body: { challenge, code }, request, reply }) => {
      await countTry(db, challenge)
      const user = await userOf(challenge, 'code')
      await factor.countAttempt(db, user.id, 'on')
      await signIn(ctx, user, request, reply, 'second-factor', async (tx) => {
        await factor.requireCode(tx, sealingKey, user.id, code)
        await useUp(tx, challenge)
      }).catch(tell(user.id, request.ip))
      return readMe(ctx, user.id)
    },

    'POST /api/session/set-up': async ({ body: { challenge } }) =>
      factor.begin(db, sealingKey, await userOf(challenge, 'set-up'), config.publicUrl),

    'POST /api/session/set-up/confirm': async ({ body: { challenge, code }, request, reply }) => {
      await countTry(db, challenge)
      const user = await userOf(challenge, 'set-up')
      await factor.countAttempt(db, user.id, 'beginning')
      let recoveryCodes: string[] = []
      const caller = { user, address: request.ip }
      await signIn(ctx, user, request, reply, 'second-factor', async (tx) => {
        recoveryCodes = await factor.confirm(tx, sealingKey, user.id, code)
        await useUp(tx, challenge)
        await audit.record(tx, caller, {
          action: 'turned-on-second-factor',
          object: 'app_user',
          objectId: user.id,
        })
      }).catch(tell(user.id, request.ip))
      return { recoveryCodes }
    },
  }
}
