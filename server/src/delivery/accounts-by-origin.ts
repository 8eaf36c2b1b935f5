/** Which accounts are answered at which origin, as far as deliveries have shown. */

export interface AccountsByOrigin {
  put(accountId: number, origin: string): void
  of(origins: Iterable<string>): number[]
}

export function groupAccounts(): AccountsByOrigin {
  const originOf = new Map<number, string>()
  const accountsOf = new Map<string, Set<number>>()
  return {
    put(accountId, origin) {
      const before = originOf.get(accountId)
      if (before === origin) return
      originOf.set(accountId, origin)
      const left = before === undefined ? undefined : accountsOf.get(before)
      left?.delete(accountId)
      if (before !== undefined && left?.size === 0) accountsOf.delete(before)
      const accounts = accountsOf.get(origin) ?? new Set()
      accountsOf.set(origin, accounts.add(accountId))
    },
    of: (origins) => [...origins].flatMap((origin) => [...(accountsOf.get(origin) ?? [])]),
  }
}
