/** The accounts as a table for a spreadsheet, without what opens them. */
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { csvLine } from '@patchbay/protocol/csv.ts'

const columns: readonly [
  title: string,
  value: (account: Account, lists: ReadonlyMap<number, string>) => string | number | null,
][] = [
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['list', ({ listId }, lists) => lists.get(listId) ?? listId],
  ['mapKey', ({ mapKey }) => mapKey],
  ['replyUrl', ({ replyUrl }) => replyUrl],
  ['description', ({ description }) => description],
  ['sandbox', ({ sandbox }) => String(sandbox)],
  ['agents', ({ agentIds }) => agentIds.length],
  ['teams', ({ teamIds }) => teamIds.length],
  ['firstMessageAt', ({ firstMessageAt }) => firstMessageAt],
  ['createdAt', ({ createdAt }) => createdAt],
]

export function accountsCsv(accounts: readonly Account[], lists: ReadonlyMap<number, string>): string {
  const lines = accounts.map((account) => columns.map(([, value]) => value(account, lists)))
  return [columns.map(([title]) => title), ...lines].map(csvLine).join('')
}
