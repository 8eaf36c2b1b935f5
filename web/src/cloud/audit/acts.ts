/** What an entry of the audit log says was done, in a few words. */
import { useLingui } from '@lingui/react/macro'
import type { CloudAuditEntry } from '@patchbay/protocol/api/cloud-audit.ts'

export function useAct(): (entry: Pick<CloudAuditEntry, 'object' | 'action' | 'after'>) => string {
  const { t } = useLingui()
  return ({ object, action, after }) => {
    const words: Readonly<Record<string, string>> = {
      'integration created': t`Integration made`,
      'integration changed': t`Integration changed`,
      'integration deleted': t`Integration deleted`,
      'app_user created': t`Registered`,
      'app_user changed': after && 'password_hash' in after ? t`Password changed` : t`Your account changed`,
      'app_user deleted': t`Left`,
      'app_user signed-in': t`Signed in`,
      'facebook_login created': t`Logged in at Facebook`,
      'facebook_login changed': t`Logged in at Facebook again`,
      'facebook_login deleted': t`Logged out of Facebook`,
    }
    return words[`${object} ${action}`] ?? `${object} ${action}`
  }
}
