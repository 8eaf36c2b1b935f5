/** Who changed what: an append-only log, written in the change's own transaction. */
import { redactUrl } from '@patchbay/kit/log.ts'
import type { Tx } from '../db.ts'

/** Who did it: a caller, or somebody who has just proven who he is. */
export interface Actor {
  readonly user: { readonly id: number }
  readonly viewer?: { readonly id: number } | null
  readonly keyId?: number | null
  readonly address: string
}

export interface Entry {
  /** A verb in the past: `created`, `changed`, `deleted`, `signed-in`. */
  action: string
  /** What was changed, by its table's name. */
  object: string
  objectId: number | null
  before?: object | null
  after?: object | null
}

/** `caller` is null for what the program does by itself. Unchanged fields are left out, and everything that looks like a secret is blanked. */
export async function record(tx: Tx, caller: Actor | null, entry: Entry): Promise<void> {
  const { before, after } = difference(entry.before ?? null, entry.after ?? null)
  await tx
    .insertInto('audit_entry')
    .values({
      user_id: caller?.viewer?.id ?? caller?.user.id ?? null,
      key_id: caller?.keyId ?? null,
      address: caller?.address ?? null,
      action: entry.action,
      object: entry.object,
      object_id: entry.objectId,
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
    })
    .execute()
}

const secretName = /password|secret|token|digest|sealed|^key$|hash|^code$/i

type Fields = Record<string, unknown>

// Two whole rows would bury the one field that changed. What differs is decided before anything is blanked: a new key in an address
// is a change.
function difference(
  before: object | null,
  after: object | null,
): { before: Fields | null; after: Fields | null } {
  const old = before && withoutSecrets(before)
  const now = after && withoutSecrets(after)
  if (!old || !now) return { before: old, after: now }
  const [was, is]: Fields[] = [{ ...before }, { ...after }]
  const changed = Object.keys({ ...old, ...now }).filter(
    (name) => JSON.stringify(was?.[name]) !== JSON.stringify(is?.[name]),
  )
  return { before: pick(old, changed), after: pick(now, changed) }
}

function withoutSecrets(value: object): Fields {
  const blank = (name: string, field: unknown): unknown => {
    if (secretName.test(name)) return '[secret]'
    // Services put keys into the queries of addresses.
    return typeof field === 'string' ? redactUrl(field) : field
  }
  return JSON.parse(JSON.stringify(value, blank)) as Fields
}

function pick(value: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.filter((name) => name in value).map((name) => [name, value[name]]))
}
