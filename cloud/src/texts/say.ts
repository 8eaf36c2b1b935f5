/** A reason as it is kept and handed on: one text that holds codes with their values, put into words where somebody reads it. */
import type { DoorError } from '@patchbay/kit/door-error.ts'
import { type CloudSaid, inWords, type Sentence, type SentenceCode } from '@patchbay/protocol/cloud-said.ts'

type Values = Readonly<Record<string, string | number>>

export function say(code: SentenceCode, values: Values = {}): string {
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)])
  return JSON.stringify([{ code, values: Object.fromEntries(texts) }])
}

/** Why somebody could not be called. */
export function sayDoor({ code }: Pick<DoorError, 'code'>, host: string): string {
  return say(`door-${code}`, { host })
}

/** One after the other. */
export function join(...reasons: readonly string[]): string {
  return JSON.stringify(reasons.flatMap(readSaid))
}

/** Of words that somebody else said, or that were kept before there were codes, themselves. */
export function readSaid(reason: string): Sentence[] {
  return reason.startsWith('[{"code":')
    ? (JSON.parse(reason) as Sentence[])
    : [{ code: 'words', values: { text: reason } }]
}

export function toSaid(reason: string): CloudSaid
export function toSaid(reason: string | null): CloudSaid | null
export function toSaid(reason: string | null): CloudSaid | null {
  if (reason === null) return null
  const sentences = readSaid(reason)
  return { sentences, words: inWords(sentences, 'en') }
}

export function wordsOf(reason: string, locale: string): string {
  return inWords(readSaid(reason), locale)
}
