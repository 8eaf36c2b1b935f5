/** Names of people as channels tell them. */
import type { Name } from './channel-kind.ts'

const LONGEST = 200

/** Null for a name of nothing but spaces. */
export function splitName(name: string): Name | null {
  const [firstName = '', ...others] = name.trim().slice(0, LONGEST).split(/\s+/)
  return firstName === '' ? null : { firstName, lastName: others.join(' ') }
}
