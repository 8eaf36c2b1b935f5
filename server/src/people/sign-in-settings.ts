/** By which ways people may sign in, for the whole installation. */
import type { SealingKey } from '@patchbay/kit/crypto.ts'
import { sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { signInApi } from '@patchbay/protocol/api/sign-in.ts'
import type { Answer, Body } from '@patchbay/protocol/endpoint.ts'
import type { Preset } from '@patchbay/protocol/permissions.ts'
import { sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import * as sessions from '../access/sessions.ts'
import { rulesOf, sessionsWithoutFactor } from '../access/sign-in-rules.ts'
import * as audit from '../audit/audit.ts'
import type { Db, Tx } from '../db.ts'
import { readSingleSignOn, writeSingleSignOn } from './single-sign-on/settings.ts'

export type SignInSettings = Answer<(typeof signInApi)['GET /api/sign-in-settings']>
type Patch = Body<(typeof signInApi)['PATCH /api/sign-in-settings']>

export interface SettingsContext {
  sealingKey: SealingKey
  config: { publicUrl: string }
}

export async function readSignInSettings(
  db: Db | Tx,
  { sealingKey, config }: SettingsContext,
): Promise<SignInSettings> {
  const { clientSecret, version, ...rules } = await readSingleSignOn(db, sealingKey)
  const demanding = await db.selectFrom('sign_in_role').select('role_id').orderBy('role_id').execute()
  const roles = await db.selectFrom('role').select(['id', 'name', 'preset']).orderBy('id').execute()
  return {
    secondFactorRoleIds: demanding.map(({ role_id }) => role_id),
    singleSignOn: {
      ...rules,
      hasSecret: clientSecret !== '',
      redirectUri: `${config.publicUrl}/api/single-sign-on/callback`,
    },
    roles: roles.map((role) => ({ ...role, preset: role.preset as Preset | null })),
    version,
  }
}

/** Answers the settings, and whose sessions ended: call `gatekeeper.forget` for them. */
export async function changeSignInSettings(
  tx: Tx,
  of: SettingsContext,
  caller: Caller,
  patch: Patch,
): Promise<{ settings: SignInSettings; ended: number[] }> {
  await tx.selectFrom('sign_in_setting').select('id').forUpdate().execute()
  const before = await readSignInSettings(tx, of)
  requireVersion(patch.version, before.version)
  await tx.updateTable('sign_in_setting').set({ version: sql`version + 1`, updated_at: sql`now()` }).execute()
  if (patch.singleSignOn) await writeSingleSignOn(tx, of.sealingKey, patch.singleSignOn)
  if (patch.secondFactorRoleIds !== undefined) await demandOf(tx, patch.secondFactorRoleIds)
  await requireOwnFactor(tx, caller)
  const settings = await readSignInSettings(tx, of)
  const ended = await sessionsWithoutFactor(tx)
  for (const userId of ended) await sessions.endAll(tx, userId)
  await audit.record(tx, caller, {
    action: 'changed',
    object: 'sign_in_setting',
    objectId: 1,
    before: { ...before, roles: undefined },
    after: { ...settings, roles: undefined },
  })
  return { settings, ended }
}

async function demandOf(tx: Tx, roleIds: readonly number[]): Promise<void> {
  await tx.deleteFrom('sign_in_role').execute()
  await sql`insert into sign_in_role (role_id) select distinct role_id from unnest(${roleIds}::bigint[]) as wanted (role_id)`
    .execute(tx)
    .catch((error: unknown) => {
      if (sqlState(error) !== '23503') throw error
      throw new Refusal('GE-101', 'One of the roles does not exist.', { field: 'secondFactorRoleIds' })
    })
}

/** What was demanded of, or given to, those with one role holds for the other. Answers whose sessions ended. */
export async function replaceRoleInSettings(
  tx: Tx,
  caller: Caller,
  from: number,
  to: number,
): Promise<number[]> {
  await tx
    .updateTable('sign_in_setting')
    .set({ sso_role_id: to, version: sql`version + 1` })
    .where('sso_role_id', '=', from)
    .execute()
  await sql`
    insert into sign_in_role (role_id) select ${to}::bigint from sign_in_role where role_id = ${from}
    on conflict do nothing`.execute(tx)
  await requireOwnFactor(tx, caller)
  const ended = await sessionsWithoutFactor(tx)
  for (const userId of ended) await sessions.endAll(tx, userId)
  return ended
}

// Nobody locks himself out, nor learns only tomorrow that his authenticator does not work.
async function requireOwnFactor(tx: Tx, caller: Caller): Promise<void> {
  const { hasSecondFactor, needsSecondFactor } = await rulesOf(tx, caller.user.id)
  if (needsSecondFactor && !hasSecondFactor)
    throw new Refusal('AU-111', 'Turn on your own second factor first: Preferences, Security.')
}
