/** A received answer as text: the headers that matter to a service, then its body. */
import type { Echo } from '@patchbay/protocol/api/accounts.ts'

const shown = (name: string) =>
  name.startsWith('webhook-') || name.startsWith('x-') || name === 'content-type' || name === 'user-agent'

export function echoText({ headers, body }: Pick<Echo, 'headers' | 'body'>): string {
  const lines = Object.entries(headers)
    .filter(([name]) => shown(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value}`)
  return [...lines, '', pretty(body)].join('\n')
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    // Not JSON after all: as it came.
    return body
  }
}
