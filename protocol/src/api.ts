/** The endpoint table: every endpoint of the contact centre, by method and path. */
import { accountsApi } from './api/accounts.ts'
import { actionsApi } from './api/actions.ts'
import { attachmentsApi } from './api/attachments.ts'
import { auditApi } from './api/audit.ts'
import { contactsApi } from './api/contacts.ts'
import { dispositionsApi } from './api/dispositions.ts'
import { interactionsApi } from './api/interactions.ts'
import { intervalsApi } from './api/intervals.ts'
import { logApi, replayApi } from './api/log.ts'
import { pairingApi } from './api/pairing.ts'
import { passOnApi } from './api/pass-on.ts'
import { peopleApi } from './api/people.ts'
import { presenceApi } from './api/presence.ts'
import { queuesApi } from './api/queues.ts'
import { relaysApi } from './api/relays.ts'
import { rolesApi } from './api/roles.ts'
import { sessionApi } from './api/session.ts'
import { signInApi } from './api/sign-in.ts'
import { skillsApi } from './api/skills.ts'
import { triggersApi } from './api/triggers.ts'
import { wayApi } from './api/way.ts'
import { whyApi } from './api/why.ts'

export const api = {
  ...sessionApi,
  ...signInApi,
  ...peopleApi,
  ...rolesApi,
  ...auditApi,
  ...presenceApi,
  ...contactsApi,
  ...accountsApi,
  ...pairingApi,
  ...actionsApi,
  ...queuesApi,
  ...skillsApi,
  ...whyApi,
  ...intervalsApi,
  ...dispositionsApi,
  ...interactionsApi,
  ...passOnApi,
  ...attachmentsApi,
  ...logApi,
  ...replayApi,
  ...wayApi,
  ...relaysApi,
  ...triggersApi,
}
export type Api = typeof api
