/** The language of the desk: chosen, else the browser's; only its own words are fetched. */
import type { Messages } from '@lingui/core'
import { type ComponentType, lazy } from 'react'
import { patient } from '../ui/patient.ts'
import { createWords } from './catalogues.ts'

export const { enter, activate, startWords, setLocale } = createWords(
  import.meta.glob<{ messages: Messages }>('../locales/*/*.po'),
  // Rooms that few enter: their words are fetched at the door.
  new Set(['admin', 'pass-on', 'presence', 'session', 'why']),
)

/** Something of such a room that is shown elsewhere. */
export const lazyWith = <P extends object>(
  room: string,
  load: () => Promise<{ default: ComponentType<P> }>,
) =>
  lazy(
    patient(async () => {
      await enter(room)
      return load()
    }),
  )
