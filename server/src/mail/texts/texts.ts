/** The mails that users get, as every language must write them. */
import type { Letter } from '../letter.ts'

interface Facts {
  fullname: string
  /** The address of the desk. */
  desk: string
  url: string
}

export interface Texts {
  invitation(facts: Facts & { by: string }): Letter
  reset(facts: Facts): Letter
}
