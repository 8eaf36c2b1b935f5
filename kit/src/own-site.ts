/** Keeps other sites from making changes with a visitor's cookie. */

import type { FastifyRequest } from 'fastify'
import { Refusal } from './refusal.ts'

export interface Change {
  /** By what the caller is known, if at all. */
  via: 'session' | 'key' | 'basic' | undefined
  consumes?: 'json' | 'multipart' | undefined
  publicUrl: string
}

/**
 * A browser adds the cookie, and remembered Basic credentials, also to calls that another site made; it always tells that site's Origin.
 * Calls by key carry a secret that no browser adds by itself.
 */
export function requireOwnSite(request: FastifyRequest, { via, consumes, publicUrl }: Change): void {
  if (request.method === 'GET' || request.method === 'HEAD' || via === 'key') return
  const { origin } = request.headers
  if (via !== 'session' && origin === undefined) return
  if (!isOwnOrigin(request, publicUrl))
    throw new Refusal('AU-106', `The Origin ${origin ?? '(none)'} is not this server's.`)
  const wanted = consumes === 'multipart' ? 'multipart/form-data' : 'application/json'
  if (hasBody(request) && mediaType(request) !== wanted)
    throw new Refusal('AU-106', `A change by cookie needs the content type ${wanted}.`)
}

/** Whether the request's Origin is this server's: the public one, or the host that the request itself names. */
export function isOwnOrigin(request: FastifyRequest, publicUrl: string): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || !URL.canParse(origin)) return false
  return origin === new URL(publicUrl).origin || (host !== undefined && new URL(origin).host === host)
}

function hasBody(request: FastifyRequest): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0
}

function mediaType(request: FastifyRequest): string | undefined {
  return request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
}
