/** Which steps of the way to a first conversation are done, read from what has happened. */
import type { Account, DeliveryRow } from '@patchbay/protocol/api/accounts.ts'

export interface Progress {
  copied: boolean
  received: boolean
  answered: boolean
  delivered: boolean
}

export interface Signs {
  account: Pick<Account, 'firstMessageAt' | 'replyUrl'>
  /** In this visit: the Receive URL was copied, a test of the saved Reply URL went well. */
  wasCopied: boolean
  wasTested: boolean
  hasArrival: boolean
  hasAnswer: boolean
  deliveries: readonly Pick<DeliveryRow, 'state'>[]
}

export function progressOf(signs: Signs): Progress {
  const received = signs.account.firstMessageAt !== null || signs.hasArrival
  const delivered = signs.deliveries.some(({ state }) => state === 'delivered')
  return {
    // Who sends has the address.
    copied: signs.wasCopied || received,
    received,
    answered: signs.hasAnswer || signs.deliveries.length > 0,
    delivered: signs.account.replyUrl !== '' && (delivered || signs.wasTested),
  }
}

export function doneOf(progress: Progress): number {
  return Object.values(progress).filter(Boolean).length
}
