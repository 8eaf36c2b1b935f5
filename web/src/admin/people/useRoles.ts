/** The names of the roles. */
import { useLingui } from '@lingui/react/macro'
import type { User } from '@patchbay/protocol/api/people.ts'

export function useRoles(): Readonly<Record<User['role'], string>> {
  const { t } = useLingui()
  return { admin: t`Admin`, supervisor: t`Supervisor`, agent: t`Agent` }
}
