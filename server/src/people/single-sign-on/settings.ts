/** How single sign-on is set up: the provider, who may come in, and what becomes of those who are new. */
import { open, type SealingKey, seal } from '@patchbay/kit/crypto.ts'
import { sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { SingleSignOn as Shown, SignInSettingsPatch } from '@patchbay/protocol/api/sign-in.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../db.ts'

export type SingleSignOn = Omit<Shown, 'redirectUri' | 'hasSecret'> & {
  clientSecret: string
  version: number
}

const PLACE = 'sign_in_setting:1'

export async function readSingleSignOn(db: Db | Tx, key: SealingKey): Promise<SingleSignOn> {
  const row = await db.selectFrom('sign_in_setting').selectAll().executeTakeFirstOrThrow()
  const teams = await db.selectFrom('sign_in_team').select('team_id').orderBy('team_id').execute()
  return {
    enabled: row.sso_enabled,
    issuer: row.sso_issuer,
    clientId: row.sso_client_id,
    clientSecret: row.sso_secret_sealed ? open(key, PLACE, row.sso_secret_sealed) : '',
    button: row.sso_button,
    domains: row.sso_domains,
    createsUsers: row.sso_creates_users,
    roleId: row.sso_role_id,
    teamIds: teams.map(({ team_id }) => team_id),
    passwordFor: row.password_for,
    version: row.version,
  }
}

/** Throws GE-101. */
export async function writeSingleSignOn(
  tx: Tx,
  key: SealingKey,
  patch: NonNullable<SignInSettingsPatch['singleSignOn']>,
): Promise<void> {
  const { issuer, clientSecret, domains, teamIds } = patch
  if (issuer) requireIssuer(issuer)
  await tx
    .updateTable('sign_in_setting')
    .set({
      sso_enabled: patch.enabled,
      sso_issuer: issuer?.trim(),
      sso_client_id: patch.clientId?.trim(),
      sso_button: patch.button?.trim(),
      sso_domains: domains?.map((domain) => domain.trim().toLowerCase().replace(/^@/, '')),
      sso_creates_users: patch.createsUsers,
      sso_role_id: patch.roleId,
      password_for: patch.passwordFor,
      updated_at: sql`now()`,
      ...(clientSecret !== undefined && {
        sso_secret_sealed: clientSecret ? seal(key, PLACE, clientSecret) : null,
      }),
    })
    .execute()
    .catch(refuseUnknown('singleSignOn.roleId', 'role'))
  if (teamIds) {
    await tx.deleteFrom('sign_in_team').execute()
    await sql`insert into sign_in_team (team_id) select distinct id from unnest(${teamIds}::bigint[]) as wanted (id)`
      .execute(tx)
      .catch(refuseUnknown('singleSignOn.teamIds', 'team'))
  }
  const after = await readSingleSignOn(tx, key)
  if (after.enabled && !(after.issuer && after.clientId))
    throw new Refusal('GE-101', 'To be turned on, single sign-on needs issuer and client id.', {
      field: after.issuer ? 'clientId' : 'issuer',
    })
}

export function requireIssuer(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash)
    throw new Refusal('GE-101', 'The issuer must be an address such as https://login.example.com.', {
      field: 'issuer',
    })
}

function refuseUnknown(field: string, what: string) {
  return (error: unknown): never => {
    if (sqlState(error) !== '23503') throw error
    throw new Refusal('GE-101', `There is no such ${what}.`, { field })
  }
}
