/** A received answer as text: the headers that matter to a service, then its body. */
import type { Echo } from '@patchbay/protocol/api/accounts.ts'
import { headerLines, prettyJson } from '../deliveries/exchange-text.ts'

export function echoText({ headers, body }: Pick<Echo, 'headers' | 'body'>): string {
  return [...headerLines(headers), '', prettyJson(body)].join('\n')
}
