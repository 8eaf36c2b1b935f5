/** Cuts a long answer into messages that a channel takes: between paragraphs, sentences or words, never inside a character. */

export interface SplitLimit {
  size: number
  /** Of a text in the channel's unit. */
  measure(text: string): number
}

export const inUnits = (text: string): number => text.length
export const inBytes = (text: string): number => Buffer.byteLength(text)

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
/** A piece shorter than this part of the limit is not worth a nicer border. */
const WORTH = 0.5

export function splitText(text: string, { size, measure }: SplitLimit): string[] {
  const pieces: string[] = []
  let rest = text.trim()
  while (measure(rest) > size) {
    const fits = longestFit(rest, size, measure)
    const cut = niceBorder(rest, fits)
    pieces.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut).trimStart()
  }
  if (rest !== '') pieces.push(rest)
  return pieces
}

/** The end of the last character that still fits; of a single character that does not, its code points are divided. */
function longestFit(text: string, size: number, measure: (text: string) => number): number {
  let end = 0
  let used = 0
  // Of a text of 64 KiB only the beginning matters; no unit is smaller than one of UTF-16.
  for (const { segment, index } of graphemes.segment(text.slice(0, size + 64))) {
    used += measure(segment)
    if (used > size) break
    end = index + segment.length
  }
  if (end > 0) return end
  for (const point of text) {
    if (end > 0 && measure(text.slice(0, end + point.length)) > size) break
    end += point.length
  }
  return end
}

const borders = [/\n\s*\n/g, /\n/g, /[.!?…]\s/g]

function niceBorder(text: string, end: number): number {
  const head = text.slice(0, end)
  for (const border of borders) {
    const last = [...head.matchAll(border)].at(-1)
    if (last && last.index + last[0].length > end * WORTH) return last.index + last[0].length
  }
  if (/^\s/.test(text.slice(end, end + 1))) return end
  const word = head.search(/\s\S*$/)
  return word > 0 ? word : end
}
