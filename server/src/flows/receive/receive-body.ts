/** From the bytes of a Receive call to its fields by name: JSON in its several disguises, or a form. */
import type { IncomingMessage } from 'node:http'
import { readText as readBody } from '@patchbay/kit/body.ts'
import { jsonLimits, parseJson, UnreadableJson } from '@patchbay/kit/json.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { FastifyInstance } from 'fastify'

/** Names as the sender wrote them, which is why this is no object: any name may occur. */
export type Fields = Iterable<readonly [name: string, value: unknown]>
export type BodyKind = 'json' | 'form' | 'multipart'

/** Senders of the original system leave the content type out, or name one of text. */
const jsonTypes = new Set(['', 'application/json', 'text/json', 'text/plain'])

/** What the framework refuses before a handler sees it is refused in the words of these addresses. */
export function readBodiesInHandler(app: FastifyInstance): void {
  // The handler reads the body: how much it may hold depends on the account.
  app.removeAllContentTypeParsers()
  // The usual type by its name: what only the asterisk takes is cut up anew each time.
  for (const type of ['application/json', '*'])
    app.addContentTypeParser(type, (_request, _payload, done) => done(null))
  app.setErrorHandler((error) => {
    const isOddType =
      error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE'
    throw isOddType ? new Refusal('OC-108', 'The content type is not written as one.') : error
  })
}

export function bodyKind(request: IncomingMessage): BodyKind {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    throw new Refusal('OC-108', `The body is encoded with ${encoding}, which is not taken.`)
  const contentType = request.headers['content-type'] ?? ''
  // The usual case, before anything is cut up.
  if (contentType === 'application/json') return 'json'
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
  if (jsonTypes.has(type) || /^application\/[a-z0-9.-]+\+json$/.test(type)) return 'json'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  if (type === 'multipart/form-data') return 'multipart'
  throw new Refusal('OC-108', `The content type ${JSON.stringify(type.slice(0, 100))} is not taken.`)
}

export function readText(request: IncomingMessage, limitBytes: number): Promise<string> {
  return readBody(request, limitBytes, 'OC-107')
}

export function readFields(text: string, kind: 'json' | 'form', request: IncomingMessage): Fields {
  try {
    return kind === 'form' ? parseForm(text) : parseObject(text, request)
  } catch (error) {
    if (error instanceof UnreadableJson) throw new Refusal('OC-111', error.message)
    throw error
  }
}

function parseObject(text: string, request: IncomingMessage): Fields {
  const contentType = request.headers['content-type']
  if (contentType?.startsWith('text/plain') && !text.trimStart().startsWith('{'))
    throw new Refusal('OC-108', 'A body of type text/plain is taken only when it holds a JSON object.')
  const value = parseJson(text, { exactNumber })
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnreadableJson('The body is valid JSON, but no object.')
  return Object.entries(value)
}

// Identifiers of many digits are numbers in some senders' JSON; as a number of ours they would lose their last digits.
function exactNumber(source: string, value: number): number | string {
  return Number.isSafeInteger(value) ? value : source
}

function parseForm(text: string): Fields {
  const fields: [string, string | string[]][] = []
  const tags: string[] = []
  for (const [name, value] of new URLSearchParams(text)) {
    checkField(value)
    if (name === 'tags' || name === 'tags[]') tags.push(...value.split(','))
    else fields.push([name, value])
    if (fields.length > jsonLimits.keys)
      throw new UnreadableJson(`The form has more than ${jsonLimits.keys} fields.`)
  }
  if (tags.length > 0) fields.push(['tags', tags])
  return fields
}

export function checkField(value: string): void {
  if (value.length * 3 > jsonLimits.stringBytes && Buffer.byteLength(value) > jsonLimits.stringBytes)
    throw new UnreadableJson(`A text in the body is longer than ${jsonLimits.stringBytes / 1024} KiB.`)
}
