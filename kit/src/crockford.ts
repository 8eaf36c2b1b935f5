// Codes that people read out and type: Crockford's base32, digits and letters without I, L, O and U.
import { randomBytes } from 'node:crypto'

export const crockfordLetters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** One letter of each byte: 32 letters divide 256, so every letter is equally likely. */
export function toCrockford(bytes: Buffer, count: number): string {
  return Array.from(bytes.subarray(0, count), (byte) => crockfordLetters[byte % 32]).join('')
}

/** 5 bits per letter. */
export function randomCrockford(count: number): string {
  return toCrockford(randomBytes(count), count)
}

/** People type what they read: small letters, blanks, hyphens, O for 0. */
export function readCrockford(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
}
