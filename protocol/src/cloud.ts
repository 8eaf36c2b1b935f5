/** The endpoint table of the cloud, by method and path. */
import { cloudPeopleApi } from './api/cloud-people.ts'

export const cloudApi = {
  ...cloudPeopleApi,
}
export type CloudApi = typeof cloudApi
