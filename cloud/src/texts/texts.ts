/** The mails that people get, as every language must write them. */
import type { Letter } from '@patchbay/kit/letter.ts'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'

/** What was connected, with its name. */
interface Connected {
  kind: Integration['kind']
  page: string
  site: string
}

export interface Texts {
  /** The code stands alone on its line. */
  verify(facts: { code: string; site: string }): Letter
  reset(facts: { code: string; site: string }): Letter
  /** Somebody registered with an address that is registered already. */
  alreadyRegistered(facts: { site: string }): Letter
  replaced(facts: Connected): Letter
  /** The words say what no longer works. */
  reconnect(facts: Connected & { words: string }): Letter
}
