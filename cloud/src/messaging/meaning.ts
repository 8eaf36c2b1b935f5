/** What an error of the Graph API means for an answer, with the words for whoever wrote it. */

import { type GraphFailure, lookUp, type Remedy } from '../graph/error-table.ts'
import { say } from '../texts/say.ts'

export interface Meaning {
  remedy: Remedy
  /** A sentence for the agent, as `say` makes it. */
  words: string
}

/** Whether the same answer, sent again in the same way, would be refused again. */
export function isFinal(remedy: Remedy): boolean {
  return remedy === 'refused' || remedy === 'gone' || remedy === 'window-closed' || remedy === 'done'
}

/** `channel`: as people call it. */
export function meaningOf(failure: GraphFailure, channel = 'Facebook'): Meaning {
  const { remedy, sentence } = lookUp(failure)
  return { remedy, words: say(sentence, { channel }) }
}
