/**
 * Gives what a connection is asked again and again inside transactions a name, so that PostgreSQL parses and plans it once: to plan a
 * statement that finds a row by its key costs several times what it costs to run it.
 *
 * Outside of transactions nothing is named: there stand the lists, whose best plan depends on what is asked for.
 */

/** A statement that is rare on a connection is not worth the memory that its plan takes there. */
const ASKED_BEFORE = 4
const MOST_KEPT = 150
const MOST_COUNTED = 1_000
/** What is longer joins many tables by values that matter: a plan for all values can be a hundred times worse. Such ones stand in functions. */
const LONGEST_CHARS = 2_000
// Each number of values is another text.
const variesInLength = /\bin \(\$\d+, |\bvalues \(.*?\), \(/s

export interface KeptPlans {
  /** The name under which the connection keeps it; undefined: it is asked as it stands. */
  nameOf(text: string): string | undefined
  /** Nothing that was named is used any more. */
  forget(): void
}

export function createKeptPlans(): KeptPlans {
  const names = new Map<string, string>()
  const asked = new Map<string, number>()
  let isInside = false
  let made = 0

  return {
    nameOf(text) {
      const begins = text === 'begin' || text.startsWith('start transaction')
      if (begins) isInside = true
      else if (text === 'commit' || text === 'rollback') isInside = false
      if (begins || !isInside || text.length > LONGEST_CHARS) return undefined
      const known = names.get(text)
      if (known !== undefined || names.size >= MOST_KEPT) return known
      const times = asked.get(text) ?? 0
      if (times < ASKED_BEFORE) {
        if (asked.size >= MOST_COUNTED) asked.clear()
        asked.set(text, times + 1)
        return undefined
      }
      asked.delete(text)
      if (variesInLength.test(text)) return undefined
      const name = `kept-${++made}`
      names.set(text, name)
      return name
    },
    forget() {
      names.clear()
    },
  }
}
