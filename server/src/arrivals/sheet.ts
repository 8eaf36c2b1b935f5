/**
 * A sheet: many requests of one account on one page of memory, in the form in which they are stored.
 *
 * `entries` are numbers, column by column, because columns compress; `texts` what repeats itself, each once: addresses, sets of headers,
 * codes and reasons, named by their place; `bodies` the beginnings of request and answer, one behind the other. Adding a request
 * copies and keeps no reference to it: what lived on for a second would cost the garbage collector more than all the rest.
 */
import { isSameHeaders, keptHeaders, keptUrl } from './blank.ts'

const KEPT_BYTES = 4096
export const MOST_ENTRIES = 512
/** What is shorter was surely kept whole: a character has at most four bytes. */
const WHOLE_BYTES = KEPT_BYTES - 4
const FULL_BYTES = 256 * 1024
/** From the first request to the last: readers look so far ahead. */
export const SPAN_MS = 2_000

const columns = [
  'at',
  'durationMs',
  'status',
  'flags',
  'interactionId',
  'messageId',
  'requestBytes',
  'answerBytes',
  'requestKept',
  'answerKept',
  'url',
  'headers',
  'code',
  'reason',
] as const
type Column = (typeof columns)[number]
const WIDTH = columns.length

/** `at` in milliseconds since 1970. Of `url` to `reason` the place in the texts; 0 is none, as it is of ids. */
export type Numbers = Record<Column, number>

export interface Arrival {
  url: string
  rawHeaders: readonly string[]
  /** Null: none was read. */
  body: string | null
  /** Of the body as it was sent. */
  bodyBytes: number
  answer: string
  at: number
  durationMs: number
  status: number
  flags: number
  interactionId: number
  messageId: number
  code: string
  reason: string
}

export interface Sheet {
  readonly accountId: number
  add(arrival: Arrival, keepsBodies: boolean): void
  /** No more may be added after `now`. */
  isFull(now: number): boolean
  seal(): SealedSheet
}

export interface SealedSheet {
  accountId: number
  fromAt: Date
  toAt: Date
  count: number
  refused: number
  /** The numbers, then the texts as JSON. */
  entries: Buffer
  bodies: Buffer | null
}

/** Sets of headers that are recognised without being written down: those of as many senders as usually share an account. */
const REMEMBERED = 4

export function openSheet(accountId: number, refusedFlag: number): Sheet {
  const numbers: number[] = []
  const texts: string[] = ['']
  const places = new Map<string, number>([['', 0]])
  const lately: { rawHeaders: readonly string[]; place: number }[] = []
  let lastUrl = ''
  let lastUrlPlace = 0
  let bodies = Buffer.allocUnsafe(8 * 1024)
  let bodyBytes = 0
  let hasBodies = false

  const placeOf = (text: string): number => {
    let place = places.get(text)
    if (place === undefined) {
      place = texts.push(text) - 1
      places.set(text, place)
    }
    return place
  }

  const placeOfUrl = (url: string): number => {
    if (url !== lastUrl) {
      lastUrl = url
      lastUrlPlace = placeOf(keptUrl(url))
    }
    return lastUrlPlace
  }

  const placeOfHeaders = (rawHeaders: readonly string[]): number => {
    for (const known of lately) if (isSameHeaders(known.rawHeaders, rawHeaders)) return known.place
    const place = placeOf(JSON.stringify(keptHeaders(rawHeaders)))
    if (lately.length === REMEMBERED) lately.pop()
    lately.unshift({ rawHeaders, place })
    return place
  }

  const keep = (text: string): number => {
    if (text === '') return 0
    if (bodies.length - bodyBytes < KEPT_BYTES) {
      const larger = Buffer.allocUnsafe(bodies.length * 2)
      bodies.copy(larger, 0, 0, bodyBytes)
      bodies = larger
    }
    // Writes whole characters only.
    const written = bodies.write(text, bodyBytes, KEPT_BYTES, 'utf8')
    bodyBytes += written
    return written
  }

  return {
    accountId,
    add(arrival, keepsBodies) {
      let requestKept = 0
      let answerKept = 0
      if (keepsBodies) {
        hasBodies = true
        if (arrival.body !== null) requestKept = keep(arrival.body)
        answerKept = keep(arrival.answer)
      }
      numbers.push(
        arrival.at,
        arrival.durationMs,
        arrival.status,
        arrival.flags,
        arrival.interactionId,
        arrival.messageId,
        arrival.bodyBytes,
        answerKept > 0 && answerKept < WHOLE_BYTES ? answerKept : Buffer.byteLength(arrival.answer),
        requestKept,
        answerKept,
        placeOfUrl(arrival.url),
        placeOfHeaders(arrival.rawHeaders),
        arrival.code === '' ? 0 : placeOf(arrival.code),
        arrival.reason === '' ? 0 : placeOf(arrival.reason),
      )
    },
    isFull: (now) =>
      numbers.length >= MOST_ENTRIES * WIDTH ||
      bodyBytes >= FULL_BYTES ||
      now - (numbers[0] ?? now) > SPAN_MS ||
      now < (numbers[0] ?? now),
    seal() {
      const count = numbers.length / WIDTH
      const byColumn = new Float64Array(numbers.length)
      for (let column = 0; column < WIDTH; column++)
        for (let entry = 0; entry < count; entry++)
          byColumn[column * count + entry] = numbers[entry * WIDTH + column] ?? 0
      const at = byColumn.subarray(0, count)
      const flags = byColumn.subarray(3 * count, 4 * count)
      return {
        accountId,
        fromAt: new Date(at.reduce((a, b) => Math.min(a, b))),
        toAt: new Date(at.reduce((a, b) => Math.max(a, b))),
        count,
        refused: flags.reduce((sum, flag) => sum + (flag & refusedFlag ? 1 : 0), 0),
        entries: Buffer.concat([Buffer.from(byColumn.buffer), Buffer.from(JSON.stringify(texts))]),
        bodies: hasBodies ? bodies.subarray(0, bodyBytes) : null,
      }
    },
  }
}

export interface ReadSheet {
  count: number
  texts: string[]
  number(column: Column, entry: number): number
  numbers(entry: number): Numbers
  /** Where the kept beginnings of request and answer stand in `bodies`. */
  places(entry: number): { request: [number, number]; answer: [number, number] }
}

/** `entries` as they were sealed, of so many requests. */
export function readSheet(entries: Buffer, count: number): ReadSheet {
  // The bytes begin anywhere, numbers only at multiples of eight.
  const all = new Float64Array(count * WIDTH)
  const end = all.byteLength
  Buffer.from(all.buffer).set(entries.subarray(0, end))
  const number = (column: Column, entry: number): number => all[columns.indexOf(column) * count + entry] ?? 0
  let starts: number[] | undefined
  return {
    count,
    texts: JSON.parse(entries.toString('utf8', end)) as string[],
    number,
    numbers: (entry) => Object.fromEntries(columns.map((name) => [name, number(name, entry)])) as Numbers,
    places(entry) {
      starts ??= startsOf(count, number)
      const start = starts[entry] ?? 0
      const middle = start + number('requestKept', entry)
      return { request: [start, middle], answer: [middle, middle + number('answerKept', entry)] }
    },
  }
}

function startsOf(count: number, number: ReadSheet['number']): number[] {
  let at = 0
  return Array.from({ length: count }, (_, entry) => {
    const start = at
    at += number('requestKept', entry) + number('answerKept', entry)
    return start
  })
}
