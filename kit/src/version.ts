// Two who edit the same thing: whoever saves second learns of it.
import { Refusal } from './refusal.ts'

/** Refuses with GE-104 what was changed since the caller read it; a caller who names no version asks for no check. */
export function requireVersion(read: number | undefined, now: number): void {
  if (read !== undefined && read !== now) throw new Refusal('GE-104', undefined, { extra: { version: now } })
}
