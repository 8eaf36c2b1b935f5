/** The endpoint table of the cloud, by method and path. */
import { cloudAuditApi } from './api/cloud-audit.ts'
import { cloudIntegrationsApi } from './api/cloud-integrations.ts'
import { cloudLogApi } from './api/cloud-log.ts'
import { cloudPairingsApi } from './api/cloud-pairings.ts'
import { cloudPeopleApi } from './api/cloud-people.ts'

export const cloudApi = {
  ...cloudPeopleApi,
  ...cloudIntegrationsApi,
  ...cloudLogApi,
  ...cloudPairingsApi,
  ...cloudAuditApi,
}
export type CloudApi = typeof cloudApi
