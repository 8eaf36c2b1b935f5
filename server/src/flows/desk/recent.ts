/**
 * What changed in the last minutes, by account: enough to tell a returning desk what it missed without asking the database.
 *
 * Of each account the newest changes are kept, more than a returning desk is ever told. `floor` is the instant before which
 * something may have been forgotten.
 */

export interface Entry {
  readonly id: number
  readonly accountId: number
  readonly seq: number
  /** When the change was seen, in the database's milliseconds; never before it was made. */
  readonly at: number
  /** The whole row; undefined: to be read when somebody asks. */
  json: string | undefined
}

export interface Recent {
  get(id: number): Entry | undefined
  put(entry: Entry): void
  /** Newest first, stopping after `limit` + 1; undefined: that long ago is forgotten. */
  since(at: number, accountIds: Iterable<number> | null, limit: number): Entry[] | undefined
  /** Drops everything; nothing before `floor` is known from now on. */
  restart(floor: number): void
  /** Drops rows, which hold names, while what changed stays known. */
  forgetRows(): void
  /** Drops rows older than `rowsBefore` and changes older than `before`. */
  age(before: number, rowsBefore: number): void
}

const KEPT_PER_ACCOUNT = 1000

interface Log {
  /** Oldest first. An entry that is not the present one of its id was followed by another. */
  entries: Entry[]
  floor: number
}

export function createRecent(): Recent {
  const present = new Map<number, Entry>()
  const logs = new Map<number, Log>()
  let floor = Number.POSITIVE_INFINITY

  const isPresent = (entry: Entry): boolean => present.get(entry.id) === entry

  const drop = (log: Log, count: number): void => {
    const dropped = log.entries.splice(0, count)
    for (const entry of dropped) if (isPresent(entry)) present.delete(entry.id)
    log.floor = Math.max(log.floor, dropped.at(-1)?.at ?? log.floor)
  }

  const shorten = (log: Log): void => {
    log.entries = log.entries.filter(isPresent)
    if (log.entries.length > KEPT_PER_ACCOUNT) drop(log, log.entries.length - KEPT_PER_ACCOUNT)
  }

  return {
    get: (id) => present.get(id),
    put(entry) {
      present.set(entry.id, entry)
      let log = logs.get(entry.accountId)
      if (!log) {
        log = { entries: [], floor: Number.NEGATIVE_INFINITY }
        logs.set(entry.accountId, log)
      }
      log.entries.push(entry)
      if (log.entries.length > 2 * KEPT_PER_ACCOUNT) shorten(log)
    },
    since(at, accountIds, limit) {
      if (at < floor) return undefined
      const found: Entry[] = []
      for (const accountId of accountIds ?? logs.keys()) {
        const log = logs.get(accountId)
        if (!log) continue
        if (at < log.floor) return undefined
        for (let index = log.entries.length - 1; index >= 0; index--) {
          const entry = log.entries[index]
          if (!entry || entry.at < at || found.length > limit) break
          if (isPresent(entry)) found.push(entry)
        }
      }
      return found
    },
    restart(newFloor) {
      present.clear()
      logs.clear()
      floor = newFloor
    },
    forgetRows() {
      for (const entry of present.values()) entry.json = undefined
    },
    age(before, rowsBefore) {
      for (const [accountId, log] of logs) {
        const old = log.entries.findIndex(({ at }) => at >= before)
        drop(log, old < 0 ? log.entries.length : old)
        if (log.entries.length === 0 && log.floor < before) logs.delete(accountId)
        for (const entry of log.entries) if (entry.at < rowsBefore) entry.json = undefined
      }
      floor = Math.max(floor, before)
    },
  }
}
