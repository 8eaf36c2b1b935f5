/** For the tests of reports: addresses beside the Receive URL. */
import type { TestAccount } from '../../testing.ts'
import { type Answer, post } from '../receive/receive-testing.ts'

export function siblingOf(account: TestAccount, name: string): string {
  return account.receiveUrl.replace('/notify', `/${name}`)
}

/** What a channel reports, as JSON. */
export function report(account: TestAccount, name: string, body: object): Promise<Reported> {
  return post(siblingOf(account, name), { body }) as unknown as Promise<Reported>
}

export interface Reported extends Omit<Answer, 'body'> {
  body: Record<string, unknown> & { code?: string; field?: string }
}
