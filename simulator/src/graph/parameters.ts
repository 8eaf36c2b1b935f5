/** The parameters of a call, wherever they stand: address, form, JSON or multipart. */
import type { FastifyRequest } from 'fastify'
import { invalidParameter } from './errors.ts'
import { type Part, parseMultipart } from './multipart.ts'

export interface Parameters {
  text(name: string): string | undefined
  /** Throws the refusal of a missing parameter. */
  required(name: string): string
  /** An object, as JSON or as the string of it. */
  object(name: string): Record<string, unknown> | undefined
  list(name: string): string[] | undefined
  flag(name: string): boolean | undefined
  number(name: string): number | undefined
  file(...names: string[]): Part | undefined
  /** For those who look on. */
  all(): Record<string, unknown>
}

export function readParameters(request: FastifyRequest): Parameters {
  const values = new Map<string, unknown>(Object.entries(request.query as Record<string, unknown>))
  const files: Part[] = []
  const type = request.headers['content-type'] ?? ''
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (body.length > 0) {
    if (/multipart\/form-data/i.test(type)) {
      for (const part of parseMultipart(body, type)) {
        if (part.fileName !== undefined) files.push(part)
        else values.set(part.field, part.bytes.toString('utf8'))
      }
    } else if (/x-www-form-urlencoded/i.test(type)) {
      for (const [name, value] of new URLSearchParams(body.toString('utf8'))) values.set(name, value)
    } else {
      for (const [name, value] of Object.entries(asObject('body', body.toString('utf8')) ?? {}))
        values.set(name, value)
    }
  }

  const text = (name: string): string | undefined => {
    const value = values.get(name)
    if (value === undefined || value === null || value === '') return undefined
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }

  return {
    text,
    required(name) {
      const value = text(name)
      if (value === undefined) throw invalidParameter(`The parameter ${name} is required`)
      return value
    },
    object: (name) => asObject(name, values.get(name)),
    list(name) {
      const value = values.get(name)
      if (Array.isArray(value)) return value.map(String)
      const given = text(name)
      if (given?.startsWith('[')) return (JSON.parse(given) as unknown[]).map(String)
      return given
        ?.split(',')
        .map((item) => item.trim())
        .filter(Boolean)
    },
    flag(name) {
      const value = text(name)
      return value === undefined ? undefined : value === 'true' || value === '1'
    },
    number(name) {
      const value = Number(text(name))
      return Number.isFinite(value) && text(name) !== undefined ? value : undefined
    },
    file: (...names) => files.find(({ field }) => names.includes(field)),
    all: () => ({
      ...Object.fromEntries(values),
      ...Object.fromEntries(
        files.map(({ field, fileName, type: fileType, bytes }) => [
          field,
          `${fileName} (${fileType || 'no type'}, ${bytes.length} bytes)`,
        ]),
      ),
    }),
  }
}

/** Meta's own samples also write objects in single quotes. */
function asObject(name: string, value: unknown): Record<string, unknown> | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  for (const text of [String(value), String(value).replaceAll("'", '"')]) {
    try {
      const parsed: unknown = JSON.parse(text)
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
        return parsed as Record<string, unknown>
    } catch {
      // The next spelling.
    }
  }
  throw invalidParameter(`param ${name} must be a JSON object.`)
}
