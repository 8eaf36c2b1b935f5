/** Which disposition a caller means: by id, by path, or by a name that only one has. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Choice } from '@patchbay/protocol/api/dispositions.ts'

/** `id` null: a word of the caller's own, where no disposition is defined. */
interface Chosen {
  id: number | null
  path: string
}

const MOST_NAMED = 50

/** `choices` in their order: of several with the same path the first is meant. Refuses with IN-105. */
export function choose(choices: readonly Choice[], named: string | number): Chosen {
  if (choices.length === 0) return { id: null, path: String(named).trim() }
  const wanted = plain(String(named))
  const byPath = choices.find(({ path }) => plain(path) === wanted)
  if (byPath && typeof named === 'string') return byPath
  const byName = typeof named === 'string' ? choices.filter(({ name }) => plain(name) === wanted) : []
  const paths = [...new Set(byName.map(({ path }) => path))]
  if (paths.length > 1) {
    const detail = `“${named}” stands for several dispositions.`
    throw new Refusal('IN-105', detail, { field: 'disposition', allowed: paths })
  }
  const found = byName[0] ?? choices.find(({ id }) => String(id) === wanted)
  if (found) return found
  throw new Refusal('IN-105', `There is no disposition “${named}” for this interaction.`, {
    field: 'disposition',
    allowed: allowed(choices),
  })
}

export function allowed(choices: readonly Choice[]): string[] {
  return choices.slice(0, MOST_NAMED).map(({ path }) => path)
}

/** Without regard to case and to spaces around the slashes. */
function plain(path: string): string {
  return path
    .split('/')
    .map((part) => part.trim())
    .join('/')
    .normalize('NFC')
    .toLowerCase()
}
