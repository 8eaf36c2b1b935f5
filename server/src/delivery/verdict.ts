/** What the answer of a Reply URL means for the delivery, in one word and in a sentence for the agent. */
import { STATUS_CODES } from 'node:http'

/** `retry` is followed by another attempt until the delivery is given up; the other two end it. */
export type Verdict = 'delivered' | 'retry' | 'failed'

const retried = new Set([408, 425, 429])

export function judge(status: number): Verdict {
  if (status >= 200 && status < 300) return 'delivered'
  return status >= 500 || retried.has(status) ? 'retry' : 'failed'
}

/** Null when there is nothing to complain about. */
export function describeStatus(status: number, name: string): string | null {
  if (judge(status) === 'delivered') return null
  const answered = `The ${name} answered ${[status, STATUS_CODES[status]].filter(Boolean).join(' ')}`
  return status >= 300 && status < 400 ? `${answered}: redirects are not followed.` : `${answered}.`
}
