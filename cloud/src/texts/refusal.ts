/** A refusal whose detail is said by code: `sentences` beside the English words, as everywhere in the API. */
import { Refusal, type RefusalOptions } from '@patchbay/kit/refusal.ts'
import type { ProblemCode } from '@patchbay/protocol/problem.ts'
import { readSaid, wordsOf } from './say.ts'

export function refusal(code: ProblemCode, reason: string, options: RefusalOptions = {}): Refusal {
  const extra = { ...options.extra, sentences: readSaid(reason) }
  return new Refusal(code, wordsOf(reason, 'en'), { ...options, extra })
}
