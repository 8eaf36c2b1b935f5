/** Bodies of deliveries as Meta writes and signs them, and what can be wrong with them. */
import { createHmac } from 'node:crypto'
import type { Faults } from '../world/settings.ts'

/** Meta escapes more than JSON asks for, and signs those bytes: who parses and writes the body again computes another signature. */
export function escapeBody(value: unknown): string {
  return JSON.stringify(value).replace(/[/<%@\u007f-\uffff]/g, (char) => {
    if (char === '/') return '\\/'
    const code = char.charCodeAt(0).toString(16).padStart(4, '0')
    return `\\u${char < '\u007f' ? code.toUpperCase() : code}`
  })
}

export function signBody(secret: string, body: string, algorithm: 'sha256' | 'sha1'): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`
}

export function signatureHeaders(
  secret: string,
  body: string,
  how: Faults['signature'],
): Record<string, string> {
  const sha1 = { 'x-hub-signature': signBody(secret, body, 'sha1') }
  if (how === 'missing') return {}
  if (how === 'sha1') return sha1
  const key = how === 'bad' ? `${secret}, but another one` : secret
  return { ...sha1, 'x-hub-signature-256': signBody(key, body, 'sha256') }
}

/** A `signed_request`: base64url of the raw signature, a dot, base64url of the payload. */
export function signRequest(secret: string, payload: unknown): string {
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return `${createHmac('sha256', secret).update(text).digest('base64url')}.${text}`
}

const unknownField = { experience: { kind: 'x', list: [1, { deeper: null }] } }

/** The body of one POST, with the faults that are set. */
export function writeBody(object: string, entries: readonly unknown[], faults: Faults): string {
  let entry = structuredClone(entries)
  if (faults.hasUnknownFields) entry = entry.map(withUnknownFields)
  if (faults.hasSeconds) entry = entry.map(inSeconds)
  const body = escapeBody({ object, entry, ...(faults.hasUnknownFields && { new_in_v99: unknownField }) })
  // On the text: beyond 2^53 a number of JavaScript would lose the last digits.
  return faults.hasNumberIds ? body.replace(/"((?:[a-z]+_)*id)":"(\d+)"/g, '"$1":$2') : body
}

function withUnknownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnknownFields)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, withUnknownFields(member)])
  return { ...Object.fromEntries(members), new_in_v99: unknownField }
}

function inSeconds(entry: unknown): unknown {
  const { messaging } = entry as { messaging?: { timestamp?: number }[] }
  if (!messaging) return entry
  return {
    ...(entry as object),
    messaging: messaging.map((event) => ({
      ...event,
      ...(event.timestamp !== undefined && { timestamp: Math.floor(event.timestamp / 1000) }),
    })),
  }
}
