/** What became of an answer, as it is told to the contact centre by the lane inward. */

export interface AnswerEvent {
  /** `otherwise`: it went, and not as it was written. */
  type: 'failed' | 'otherwise'
  answerId: number
  /** Sentences for the agent. */
  reason: string
}
