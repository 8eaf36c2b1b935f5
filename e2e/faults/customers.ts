// Customers who write one message after the other, each under an id of its own and again until it is acknowledged, and remember everything.
import { setTimeout as sleep } from 'node:timers/promises'

export interface Acknowledged {
  body: string
  messageId: number
  interactionId: number
}

export interface Refused {
  status: number
  code: string | undefined
  retryAfter: string | null
}

export interface Customers {
  readonly acknowledged: readonly Acknowledged[]
  /** Answers other than 200. */
  readonly refused: readonly Refused[]
  /** Calls that had no answer at all. */
  readonly unanswered: number
  /** No new messages; resolves when those under way are acknowledged. */
  stop(): Promise<void>
  /** At once, whatever is under way. */
  abandon(): void
}

export interface CustomersOptions {
  /** Of every node: after a call that failed the next one is asked. */
  receiveUrls: readonly string[]
  count: number
  /** Between a message and the next of the same customer. */
  pauseMs?: number
}

const ANSWER_WITHIN_MS = 30_000
const AGAIN_MS = 100
const PAUSE_MS = 100
const TWICE_EVERY = 5

let worlds = 0

export function startCustomers({ receiveUrls, count, pauseMs = PAUSE_MS }: CustomersOptions): Customers {
  const world = ++worlds
  const acknowledged: Acknowledged[] = []
  const refused: Refused[] = []
  let unanswered = 0
  let isOver = false
  let isAbandoned = false

  const post = async (url: string, from: string, body: string): Promise<Acknowledged | undefined> => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ from, body, mapKey: 'facebook', messageId: body }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      const answer = (await response.json()) as {
        code?: string
        message: { id: number }
        interaction: { id: number }
      }
      if (response.status === 200)
        return { body, messageId: answer.message.id, interactionId: answer.interaction.id }
      const retryAfter = response.headers.get('retry-after')
      refused.push({ status: response.status, code: answer.code, retryAfter })
    } catch {
      unanswered++
    }
    return undefined
  }

  const write = async (customer: number): Promise<void> => {
    const from = `customer-${world}-${customer}`
    let node = customer
    for (let number = 1; !isOver; number++) {
      const body = `${from} ${number}`
      for (let isTaken = false; !isTaken && !isAbandoned; ) {
        // A careless sender: some messages go to two nodes at the same moment.
        const copies = number % TWICE_EVERY === 0 ? 2 : 1
        const urls = Array.from(
          { length: copies },
          (_, copy) => receiveUrls[(node + copy) % receiveUrls.length],
        )
        const answers = await Promise.all(urls.map((url) => post(url ?? '', from, body)))
        const taken = answers.filter((answer) => answer !== undefined)
        acknowledged.push(...taken)
        isTaken = taken.length > 0
        if (!isTaken) {
          node++
          await sleep(AGAIN_MS)
        }
      }
      await sleep(pauseMs)
    }
  }

  const writing = Array.from({ length: count }, (_, customer) => write(customer))
  return {
    acknowledged,
    refused,
    get unanswered() {
      return unanswered
    },
    async stop() {
      isOver = true
      await Promise.all(writing)
    },
    abandon() {
      isOver = true
      isAbandoned = true
    },
  }
}
