/** Requests and answers as one reads them. Pure. */
import type { LogAttempt } from '@patchbay/protocol/api/log.ts'

/** JSON on lines of its own; anything else, and JSON that was cut off, as it came. */
export function prettyJson(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

/** A request as text: its line, the headers that matter to a service, its body. */
export function exchangeText({
  method,
  url,
  request,
}: Pick<LogAttempt, 'method' | 'url' | 'request'>): string {
  return [`${method} ${url}`, ...headerLines(request.headers), '', prettyJson(request.body ?? '')].join('\n')
}

export function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => /^(webhook-|x-|content-type$|user-agent$)/i.test(name))
    .map(([name, value]) => `${name}: ${value}`)
}
