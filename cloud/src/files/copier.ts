/** Fetches files as soon as they are heard of, also while nobody takes the messages they belong to. */
import { type Copies, fetchDue } from './copies.ts'

const AT_ONCE = 4
const POLL_MS = 5_000

export interface Copier {
  ring(): void
  stop(): Promise<void>
}

export function startCopier(copies: Copies): Copier {
  let isStopping = false
  let fetching: Promise<void> | undefined
  let again = false

  const look = (): void => {
    if (isStopping) return
    if (fetching) {
      again = true
      return
    }
    fetching = fetchAll().finally(() => {
      fetching = undefined
      if (again) look()
    })
  }

  const fetchAll = async (): Promise<void> => {
    do {
      again = false
      try {
        while (!isStopping && (await fetchDue(copies, AT_ONCE)) === AT_ONCE);
      } catch (error) {
        copies.log.warn({ err: error }, 'files could not be fetched')
      }
    } while (again && !isStopping)
  }

  const poll = setInterval(look, POLL_MS)
  look()
  return {
    ring: look,
    async stop() {
      isStopping = true
      clearInterval(poll)
      await fetching
    },
  }
}
