/** The accounts as a table for a spreadsheet, without what opens them. */
import type { Account } from '@patchbay/protocol/api/accounts.ts'

const columns: readonly [
  title: string,
  value: (account: Account, lists: ReadonlyMap<number, string>) => unknown,
][] = [
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['list', ({ listId }, lists) => lists.get(listId) ?? listId],
  ['mapKey', ({ mapKey }) => mapKey],
  ['replyUrl', ({ replyUrl }) => replyUrl],
  ['description', ({ description }) => description],
  ['sandbox', ({ sandbox }) => sandbox],
  ['agents', ({ agentIds }) => agentIds.length],
  ['teams', ({ teamIds }) => teamIds.length],
  ['firstMessageAt', ({ firstMessageAt }) => firstMessageAt],
  ['createdAt', ({ createdAt }) => createdAt],
]

export function accountsCsv(accounts: readonly Account[], lists: ReadonlyMap<number, string>): string {
  const lines = accounts.map((account) => columns.map(([, value]) => cell(value(account, lists))))
  return [columns.map(([title]) => title), ...lines].map((line) => `${line.join(',')}\r\n`).join('')
}

function cell(value: unknown): string {
  const text = String(value ?? '')
  // What a spreadsheet would run as a formula begins with an apostrophe.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
