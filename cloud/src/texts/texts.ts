/** The mails that people get, as every language must write them. */
import type { Letter } from '@patchbay/kit/letter.ts'

export interface Texts {
  /** The code stands alone on its line. */
  verify(facts: { code: string; site: string }): Letter
  reset(facts: { code: string; site: string }): Letter
  /** Somebody registered with an address that is registered already. */
  alreadyRegistered(facts: { site: string }): Letter
  replaced(facts: { page: string; site: string }): Letter
  /** The words say what no longer works. */
  reconnect(facts: { page: string; site: string; words: string }): Letter
}
