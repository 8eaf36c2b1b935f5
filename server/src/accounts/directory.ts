/**
 * Every account in memory, for the paths that cannot ask the database each time: receiving and delivering.
 *
 * An account changed on this node is reread before the change is answered; one changed elsewhere when the doorbell rings, and by
 * the slow poll when that ring was lost.
 */

import type { Action } from '@patchbay/protocol/api/actions.ts'
import type { Selectable } from 'kysely'
import type { Context } from '../context.ts'
import type { AccountTable } from '../database.gen.ts'
import { openSecret } from './secrets.ts'

export interface AccountEntry {
  readonly id: number
  readonly uid: string
  readonly name: string
  readonly version: number
  readonly listId: number
  /** Used when a message names none. */
  readonly mapKey: string | null
  readonly updateRule: 'fill' | 'never' | 'overwrite'
  readonly reopenWithinMinutes: number
  /** Empty: the account cannot answer. */
  readonly replyUrl: string
  /** What it is told, and where: empty, to the Reply URL. */
  readonly events: readonly string[]
  readonly eventsUrl: string
  readonly alarmUrl: string
  /** Of one file: the account's own limit, or the installation's. */
  readonly attachmentLimitBytes: number
  readonly fileLifetimeHours: number | null
  readonly bodyLimitBytes: number
  readonly ratePerSecond: number
  readonly rateBurst: number
  /** Whether the delivery log keeps what is said. */
  readonly keepBodies: boolean
  /** Only what is signed is taken in. */
  readonly requireSignature: boolean
  readonly actions: readonly Action[]
  /** SHA-256 of the tokens that work now: the newest first, then the one before it while they overlap. */
  tokenDigests(): readonly Buffer[]
  /** What signs an answer now: `whsec_...`, the newest first, then the one before it while they overlap. */
  secrets(): readonly string[]
}

export interface Directory {
  get(id: number): AccountEntry | undefined
  /** Resolves when the accounts have been read for the first time. */
  readonly ready: Promise<void>
  /** Rereads what changed. Await it after a commit and before the answer, so that the next request meets the change. */
  refresh(): Promise<void>
  close(): Promise<void>
}

const POLL_MS = 5000

export function openDirectory(
  ctx: Pick<Context, 'config' | 'db' | 'log' | 'push' | 'sealingKey'>,
): Directory {
  let entries = new Map<number, AccountEntry>()
  let running: Promise<void> = Promise.resolve()
  let waiting: Promise<void> | undefined
  let closed = false

  const read = async (): Promise<void> => {
    const versions = await ctx.db
      .selectFrom('account')
      .select(['id', 'version'])
      .where('deleted_at', 'is', null)
      .execute()
    const changed = versions.filter(({ id, version }) => entries.get(id)?.version !== version)
    if (changed.length === 0 && versions.length === entries.size) return
    const rows = await ctx.db
      .selectFrom('account')
      .selectAll()
      .where(({ eb, val }) => eb('id', '=', eb.fn.any(val(changed.map(({ id }) => id)))))
      .where('deleted_at', 'is', null)
      .execute()
    const fresh = new Map(rows.map((row) => [row.id, toEntry(ctx, row)]))
    const kept = versions.map(({ id }) => fresh.get(id) ?? entries.get(id))
    entries = new Map(kept.filter((entry) => entry !== undefined).map((entry) => [entry.id, entry]))
  }

  // A reading under way may have begun before the caller's commit, so it does not count: all who come meanwhile share the next.
  const refresh = (): Promise<void> => {
    waiting ??= running
      .catch(() => {})
      .then(() => {
        running = waiting ?? running
        waiting = undefined
        return closed ? undefined : read()
      })
    return waiting
  }

  const refreshLater = (): void => {
    refresh().catch((error) => {
      if (!closed) ctx.log.warn({ err: error }, 'the accounts could not be read; the ones known go on')
    })
  }

  const ready = refresh()
  const poll = setInterval(refreshLater, POLL_MS).unref()
  const stopListening = ctx.push.onRing(({ changed, look }) => {
    if (look || changed.has('accounts')) refreshLater()
  })

  return {
    get: (id) => entries.get(id),
    ready,
    refresh,
    async close() {
      closed = true
      clearInterval(poll)
      stopListening()
      await running.catch(() => {})
    },
  }
}

function toEntry(
  { config, sealingKey: key }: Pick<Context, 'config' | 'sealingKey'>,
  row: Selectable<AccountTable>,
): AccountEntry {
  const secret = openSecret(key, row.uid, row.secret_sealed)
  const oldSecret = row.old_secret_sealed && openSecret(key, row.uid, row.old_secret_sealed)
  return {
    id: row.id,
    uid: row.uid,
    name: row.name,
    version: row.version,
    listId: row.list_id,
    mapKey: row.map_key,
    updateRule: row.update_rule,
    reopenWithinMinutes: row.reopen_within_minutes,
    replyUrl: row.reply_url,
    events: row.events,
    eventsUrl: row.events_url,
    alarmUrl: row.alarm_url,
    attachmentLimitBytes: row.attachment_limit_bytes ?? config.attachmentLimitBytes,
    fileLifetimeHours: row.file_lifetime_hours,
    bodyLimitBytes: row.body_limit_bytes,
    ratePerSecond: row.rate_per_second,
    rateBurst: row.rate_burst,
    keepBodies: row.keep_bodies,
    requireSignature: row.require_signature,
    actions: row.actions as Action[],
    tokenDigests: overlapping(row.token_digest, row.old_token_digest, row.old_token_until),
    secrets: overlapping(secret, oldSecret, row.old_secret_until),
  }
}

function overlapping<T>(current: T, old: T | null, until: Date | null): () => readonly T[] {
  if (old === null || until === null) {
    const alone = [current]
    return () => alone
  }
  const both = [current, old]
  const end = until.getTime()
  return () => (Date.now() < end ? both : [current])
}
