/** Whether conditions hold: every one of `all`, and one of `any` when there is one. */
import type { Condition, Conditions } from '@patchbay/protocol/api/actions.ts'
import type { Read } from './variables.ts'

export function hold({ all, any }: Conditions, read: Read): boolean {
  const holds = (condition: Condition): boolean => holdsOne(condition, read)
  return all.every(holds) && (any.length === 0 || any.some(holds))
}

function holdsOne({ variable, operator, value }: Condition, read: Read): boolean {
  const actual = fold(read(variable))
  const wanted = fold(value)
  switch (operator) {
    case 'equals':
      return actual === wanted
    case 'not-equals':
      return actual !== wanted
    case 'contains':
      return actual.includes(wanted)
    case 'not-contains':
      return !actual.includes(wanted)
  }
}

// Customers write " yes", "Yes" and "YES", and a letter with its accent as one character or as two.
function fold(text: string): string {
  return text.trim().normalize('NFC').toLowerCase()
}
