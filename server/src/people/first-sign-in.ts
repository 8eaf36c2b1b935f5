/** Sees to it that somebody can sign in, and says how. */

import { weaknessOf } from '@patchbay/kit/password-rules.ts'
import type { Context } from '../context.ts'
import { makeFirstAdmin, openSetup } from './setup.ts'

/** Answers a line for the person who started the program. */
export async function prepareSignIn({ config, db, log }: Context): Promise<string> {
  if (config.admin) {
    const { email, password } = config.admin
    const isNew = await makeFirstAdmin(db, email, password)
    const weakness = await weaknessOf(password.reveal(), email)
    if (isNew && weakness) log.warn(`ADMIN_PASSWORD ${weakness}: choose another after signing in`)
    return `Sign in as ${email}`
  }
  const code = await openSetup(db)
  return code
    ? `Make the first admin at ${config.publicUrl}/setup?code=${code}`
    : 'Sign in with your e-mail and password'
}
