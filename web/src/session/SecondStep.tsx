/** The second step of signing in, with its words: fetched only by who has a second factor. */
import type { CodeWanted } from '@patchbay/protocol/api/session.ts'
import { lazy } from 'react'
import { enter } from '../shell/words.ts'

/** Kept by whoever waits for it: the answer to a password is either who one is, or this. */
export function isCodeWanted(answer: object): answer is CodeWanted {
  return 'challenge' in answer
}

export const SecondStep = lazy(async () => {
  const [step] = await Promise.all([import('../admin/security/SecondStep.tsx'), enter('admin')])
  return step
})
