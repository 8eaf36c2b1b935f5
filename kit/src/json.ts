// Parses JSON from strangers: bounded in depth, keys and strings before anything is built from it.

export interface JsonLimits {
  depth: number
  /** Per object. */
  keys: number
  stringBytes: number
}

export const jsonLimits: JsonLimits = { depth: 32, keys: 256, stringBytes: 64 * 1024 }

/** The message is a sentence for the sender. */
export class UnreadableJson extends Error {
  override name = 'UnreadableJson'
}

export interface JsonOptions {
  limits?: JsonLimits
  /**
   * Called for numbers that JavaScript might not repeat digit by digit (long, fractional, with an exponent), with
   * their digits as sent; its answer takes the number's place.
   */
  exactNumber?: (source: string, value: number) => unknown
}

export function parseJson(text: string, options: JsonOptions = {}): unknown {
  // Some senders begin with a byte order mark.
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  const hasInexact = checkLimits(json, options.limits ?? jsonLimits)
  try {
    const revive = options.exactNumber && hasInexact ? exactly(options.exactNumber) : undefined
    const value: unknown = JSON.parse(json, revive)
    return protoKey.test(json) ? withoutProto(value) : value
  } catch (error) {
    throw new UnreadableJson(
      json.trim() === '' ? 'The body is empty.' : `The body is not valid JSON: ${(error as Error).message}.`,
    )
  }
}

function exactly(exactNumber: (source: string, value: number) => unknown) {
  return (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined && mayBeInexact(context.source)
      ? exactNumber(context.source, value)
      : value
}

function mayBeInexact(source: string): boolean {
  return source.length > 15 || /[.eE]|^-0/.test(source)
}

const QUOTE = 34
const BACKSLASH = 92
const COLON = 58
const OPEN_OBJECT = 123
const OPEN_ARRAY = 91
const CLOSE_OBJECT = 125
const CLOSE_ARRAY = 93

// One pass over the text, jumping over strings by indexOf, so that a message of a few hundred bytes costs less than a
// microsecond. It judges only limits; whether the text is JSON is for JSON.parse to say.
function checkLimits(json: string, limits: JsonLimits): boolean {
  const keys: number[] = []
  let numberStart = -1
  let hasInexact = false
  for (let i = 0; i < json.length; i++) {
    const char = json.charCodeAt(i)
    if (isDigit(char) || (numberStart >= 0 && isNumberTail(char))) {
      if (numberStart < 0) numberStart = i
      continue
    }
    if (numberStart >= 0) {
      hasInexact ||= mayBeInexact(json.slice(numberStart, i))
      numberStart = -1
    }
    if (char === QUOTE) i = stringEnd(json, i, limits)
    else if (char === COLON) {
      const count = (keys.pop() ?? 0) + 1
      if (count > limits.keys)
        throw new UnreadableJson(`An object in the body has more than ${limits.keys} keys.`)
      keys.push(count)
    } else if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
      keys.push(0)
      if (keys.length > limits.depth)
        throw new UnreadableJson(`The body is nested deeper than ${limits.depth} levels.`)
    } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) keys.pop()
  }
  return hasInexact || (numberStart >= 0 && mayBeInexact(json.slice(numberStart)))
}

function isDigit(char: number): boolean {
  return (char >= 48 && char <= 57) || char === 45
}

/** One of . + e E */
function isNumberTail(char: number): boolean {
  return char === 46 || char === 43 || char === 101 || char === 69
}

function stringEnd(json: string, start: number, limits: JsonLimits): number {
  let end = json.indexOf('"', start + 1)
  while (end > 0 && isEscaped(json, end)) end = json.indexOf('"', end + 1)
  if (end < 0) return json.length
  // A character is three bytes at most, a surrogate pair four in two.
  if (
    (end - start - 1) * 3 > limits.stringBytes &&
    byteLength(json.slice(start, end + 1)) > limits.stringBytes
  ) {
    throw new UnreadableJson(`A text in the body is longer than ${limits.stringBytes / 1024} KiB.`)
  }
  return end
}

function isEscaped(json: string, quote: number): boolean {
  let before = quote
  while (json.charCodeAt(before - 1) === BACKSLASH) before--
  return (quote - before) % 2 === 1
}

function byteLength(literal: string): number {
  try {
    return Buffer.byteLength(JSON.parse(literal) as string)
  } catch {
    return 0
  }
}

// `__proto__` as a key is harmless until somebody copies the object with an assignment; nobody needs it.
const protoKey =
  /"(?:_|\\u005[fF]){2}(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006[fF])(?:t|\\u0074)(?:o|\\u006[fF])(?:_|\\u005[fF]){2}"/

function withoutProto(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const item of Object.values(value)) withoutProto(item)
  Reflect.deleteProperty(value, '__proto__')
  return value
}
