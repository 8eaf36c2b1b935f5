/** Whether a channel says the words that it was given: it may break lines and compose letters in its own way. */

import { sha256 } from '@patchbay/kit/crypto.ts'

const plain = (text: string): string => text.normalize('NFC').replaceAll(/\s+/g, ' ').trim()

export function areSameWords(one: string, other: string): boolean {
  return plain(one) === plain(other)
}

/** The same for the same words. */
export function digestOf(text: string): string {
  return sha256(plain(text)).toString('base64url')
}
