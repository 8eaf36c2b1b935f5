/** Routes of the settings by which people sign in. */
import { transaction } from '@patchbay/kit/database.ts'
import type { signInApi } from '@patchbay/protocol/api/sign-in.ts'
import type { Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import { changeSignInSettings, readSignInSettings } from './sign-in-settings.ts'

type Routes = Pick<typeof signInApi, 'GET /api/sign-in-settings' | 'PATCH /api/sign-in-settings'>

export function signInSettingsRoutes(ctx: Context): Handlers<Routes> {
  const { db, gatekeeper } = ctx

  return {
    'GET /api/sign-in-settings': () => readSignInSettings(db, ctx),

    'PATCH /api/sign-in-settings': async ({ caller, body }) => {
      const { settings, ended } = await transaction(db, (tx) => changeSignInSettings(tx, ctx, caller, body))
      for (const userId of ended) gatekeeper.forget(userId)
      return settings
    },
  }
}
