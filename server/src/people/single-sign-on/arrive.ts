/** Which user it is whom the provider names: known by its subject, linked once by a verified e-mail, or made. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import * as audit from '../../audit/audit.ts'
import type { Tx } from '../../db.ts'
import * as users from '../users.ts'
import type { SingleSignOn } from './settings.ts'

export interface Claims {
  issuer: string
  subject: string
  email: string | undefined
  isEmailVerified: boolean
  fullname: string | undefined
}

/** Throws AU-115, AU-116 or AU-117. */
export async function arrive(
  tx: Tx,
  rules: Pick<SingleSignOn, 'domains' | 'createsUsers' | 'roleId' | 'teamIds'>,
  claims: Claims,
  address: string,
): Promise<{ id: number }> {
  const { issuer, subject } = claims
  const known = await tx
    .selectFrom('app_user')
    .select(['id', 'email', 'disabled_at'])
    .where('sso_issuer', '=', issuer)
    .where('sso_subject', '=', subject)
    .executeTakeFirst()
  if (known) {
    requireDomain(rules.domains, known.email)
    return requireEnabled(known)
  }
  const email = claims.email?.trim()
  // Whoever can write any address into his profile could become anybody here.
  if (!email || !claims.isEmailVerified) throw new Refusal('AU-115')
  requireDomain(rules.domains, email)
  const same = await tx
    .selectFrom('app_user')
    .select(['id', 'email', 'disabled_at', 'sso_issuer'])
    .where(sql`lower(email)`, '=', email.toLowerCase())
    .forUpdate()
    .executeTakeFirst()
  // The address was given to somebody else at the same provider.
  if (same?.sso_issuer === issuer)
    throw new Refusal('AU-116', 'Another person of the provider has this user.')
  const user = same ? requireEnabled(same) : await make(tx, rules, email, claims.fullname)
  await tx
    .updateTable('app_user')
    .set({ sso_issuer: issuer, sso_subject: subject })
    .where('id', '=', user.id)
    .execute()
  const after = { issuer, subject }
  const entry = { action: 'linked-single-sign-on', object: 'app_user', objectId: user.id, after }
  await audit.record(tx, { user, address }, entry)
  return user
}

async function make(
  tx: Tx,
  rules: Pick<SingleSignOn, 'createsUsers' | 'roleId' | 'teamIds'>,
  email: string,
  fullname: string | undefined,
): Promise<{ id: number }> {
  if (!rules.createsUsers) throw new Refusal('AU-116')
  const { id } = await users.create(tx, null, {
    email,
    passwordHash: null,
    ...(rules.roleId !== null && { roleId: rules.roleId }),
    ...(fullname?.trim() && { fullname: fullname.trim().slice(0, 200) }),
  })
  await sql`insert into team_member (team_id, user_id)
            select id, ${id} from team where id = any(${rules.teamIds}::bigint[])`.execute(tx)
  return { id }
}

function requireEnabled({ id, disabled_at }: { id: number; disabled_at: Date | null }): { id: number } {
  if (disabled_at) throw new Refusal('AU-117')
  return { id }
}

function requireDomain(domains: readonly string[], email: string): void {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  if (domains.length > 0 && !domains.includes(domain))
    throw new Refusal('AU-116', `Addresses of ${domain} may not come in here.`)
}
