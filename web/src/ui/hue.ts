/** The colour and the letters of somebody without a picture. */
export const hues = [20, 55, 95, 145, 195, 240, 285, 340] as const

/** The same name has the same hue everywhere (FNV-1a over its UTF-16 units). */
export function hueOf(name: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193) >>> 0
  // The low bits alone cluster: fold the high ones in.
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) >>> 0
  return hues[(hash >>> 24) % hues.length] ?? hues[0]
}

/** First letters of the first and last word; of a number its last two digits. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
  if (words.length === 0) return '?'
  if (/^[+\d\s()-]+$/.test(name)) return name.replace(/\D/g, '').slice(-2)
  const letter = (word: string | undefined) => word?.match(/[\p{L}\p{N}]/u)?.[0] ?? ''
  return (letter(words[0]) + (words.length > 1 ? letter(words.at(-1)) : '')).toUpperCase()
}
