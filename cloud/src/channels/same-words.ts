/** Whether a channel says the words that it was given: it may break lines and compose letters in its own way. */

const plain = (text: string): string => text.normalize('NFC').replaceAll(/\s+/g, ' ').trim()

export function areSameWords(one: string, other: string): boolean {
  return plain(one) === plain(other)
}
