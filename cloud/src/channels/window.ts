/** Until when a channel takes answers: a day after the customer's last sign, and of a person seven days where that is allowed. */

const HOUR_MS = 3_600_000
export const ANSWER_MS = 24 * HOUR_MS
export const HUMAN_AGENT_MS = 7 * 24 * HOUR_MS

export interface Window {
  until: Date
  /** Null: nobody may answer later. */
  humanAgentUntil: Date | null
}

export function windowAfter(lastSign: Date, humanAgentAllowed: boolean): Window {
  const start = lastSign.getTime()
  return {
    until: new Date(start + ANSWER_MS),
    humanAgentUntil: humanAgentAllowed ? new Date(start + HUMAN_AGENT_MS) : null,
  }
}

export type SendAs = 'response' | 'human-agent' | 'closed'

/** An answer without a person behind it never goes out as a person's. Of a customer never heard of the channel itself decides. */
export function sendAs(
  lastSign: Date | null,
  now: Date,
  by: { isPerson: boolean; humanAgentAllowed: boolean },
): SendAs {
  if (lastSign === null) return 'response'
  const { until, humanAgentUntil } = windowAfter(lastSign, by.isPerson && by.humanAgentAllowed)
  if (now < until) return 'response'
  return humanAgentUntil !== null && now < humanAgentUntil ? 'human-agent' : 'closed'
}
