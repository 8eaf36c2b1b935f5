/** What a web request sends, with its variables filled in, and what of the answer the flow keeps. */
import type { ActionOf } from '@patchbay/protocol/api/actions.ts'
import { clean } from './bot-answer.ts'
import { fill, type Read } from './variables.ts'

type Step = ActionOf<'web-request'>

export interface Filled {
  method: Step['method']
  url: string
  headers: Record<string, string>
  body: string | undefined
}

/** `open` unseals the value of a secret header, which holds no variables. */
export function fillRequest(
  step: Step,
  read: Read,
  open: (header: NonNullable<Step['headers']>[number]) => string,
): Filled {
  const given = (step.headers ?? []).map((header): [string, string] => [
    header.name.toLowerCase(),
    header.secret ? open(header) : fill(header.value ?? '', read, oneLine),
  ])
  const text = step.method === 'GET' ? undefined : step.body
  const headers = {
    ...(text ? { 'content-type': isJsonLike(text) ? 'application/json' : 'text/plain; charset=utf-8' } : {}),
    ...Object.fromEntries(given),
  }
  const type = headers['content-type'] ?? ''
  const fit = /json/i.test(type) ? inJson : /urlencoded/i.test(type) ? encodeURIComponent : undefined
  return {
    method: step.method,
    url: fill(step.url, read, (value) => encodeURIComponent(value.toWellFormed())),
    headers,
    body: text ? fill(text, read, fit) : undefined,
  }
}

const isJsonLike = (text: string): boolean => /^\s*[{[]/.test(text)
/** Between quotation marks. */
const inJson = (value: string): string => JSON.stringify(value).slice(1, -1)
// Whatever no header may hold, a line's end first of all, becomes a space.
export const oneLine = (value: string): string => value.replace(/[^\x20-\x7e\x80-\xff]+/g, ' ').slice(0, 4000)

const MOST = 50
const DEPTH = 4
const LONGEST = 8000
const LONGEST_PART = 1000

/** The whole under the variable's own name, its status, and the scalars of a JSON object under their paths. `status` null: none came. */
export function keptOf(variable: string, status: number | null, body: Buffer): Record<string, string> {
  const text = clean(body.toString('utf8')).slice(0, LONGEST)
  const kept: Record<string, string> = {
    ...parts(variable, parsed(text)),
    [variable]: text,
    [`${variable}.status`]: status === null ? 'none' : String(status),
  }
  return kept
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parts(variable: string, value: unknown): Record<string, string> {
  const found: [string, string][] = []
  const look = (path: string, item: unknown, depth: number): void => {
    if (found.length >= MOST || depth > DEPTH || item === null) return
    if (typeof item === 'object')
      for (const [name, inner] of Object.entries(item)) {
        if (/^[\w-]{1,40}$/.test(name)) look(`${path}.${name}`, inner, depth + 1)
      }
    else if (depth > 0) found.push([path, String(item).slice(0, LONGEST_PART)])
  }
  look(variable, value, 0)
  return Object.fromEntries(found)
}
