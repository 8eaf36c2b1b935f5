// Turns the database's "there is one already" into a refusal the caller can act on.
import { sqlState } from './database.ts'
import { Refusal } from './refusal.ts'

const UNIQUE_VIOLATION = '23505'

/** `.catch(refuseDuplicate('a queue of this name'))`. In a transaction, what follows must be its end: PostgreSQL has given it up. */
export function refuseDuplicate(what: string, field = 'name'): (error: unknown) => never {
  return (error) => {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error
    throw new Refusal('GE-102', `There is already ${what}.`, { field })
  }
}
