/** What the address of the delivery log says: its filters, whether it is live, and the entry that is open. */
import { useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { queryOf } from '../../../api/api.ts'
import { useId } from '../../../shell/useId.ts'
import { type LogFilters, readFilters } from './filters.ts'

export interface LogAddress {
  accountId: number
  entryId: string | undefined
  filters: LogFilters
  isLive: boolean
  /** Of an entry, with the filters of now; of the log alone without one. */
  hrefOf: (entryId?: string) => string
  filter: (filters: LogFilters) => void
  setLive: (isLive: boolean) => void
}

export function useLogAddress(): LogAddress {
  const accountId = useId()
  const { entryId } = useParams({ strict: false })
  const { searchStr } = useLocation()
  const navigate = useNavigate()
  const { filters, isLive } = useMemo(() => {
    const search = Object.fromEntries([...new URLSearchParams(searchStr)].map(unquoted))
    return { filters: readFilters(search), isLive: search.tail !== 'off' }
  }, [searchStr])
  const href = useCallback(
    (next: LogFilters, live: boolean, entry?: string) =>
      `${logPath(accountId)}${entry === undefined ? '' : `/${encodeURIComponent(entry)}`}${queryOf({ ...next, tail: live ? undefined : 'off' })}`,
    [accountId],
  )
  const go = (next: LogFilters, live: boolean) =>
    void navigate({ href: href(next, live), replace: true, resetScroll: false })
  return {
    accountId,
    entryId,
    filters,
    isLive,
    hrefOf: (entry) => href(filters, isLive, entry),
    filter: (next) => go(next, isLive),
    setLive: (live) => go(filters, live),
  }
}

export function logPath(accountId: number): string {
  return `/admin/accounts/${accountId}/deliveries`
}

/** The router writes a text that reads like a number in quotes. */
function unquoted([name, value]: [string, string]): [string, string] {
  return [name, /^".*"$/.test(value) ? value.slice(1, -1) : value]
}
