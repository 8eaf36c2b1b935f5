/** The mails that users get, as every language must write them. */
import type { Letter } from '@patchbay/kit/letter.ts'

interface Facts {
  fullname: string
  /** The address of the desk. */
  desk: string
  url: string
}

export interface Texts {
  /** `by` is null when the invited asked for it himself. */
  invitation(facts: Facts & { by: string | null }): Letter
  reset(facts: Facts): Letter
}
