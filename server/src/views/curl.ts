/** A logged request as a command for a shell. What was blanked stands there as a variable, so that nothing secret is copied about. */
import { BLANK } from '@patchbay/kit/secret-headers.ts'

interface Repeatable {
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  /** Null: not kept. */
  body: string | null
  isCut: boolean
}

/** Headers that curl writes by itself, or that belong to the connection of then. */
const ownHeaders = new Set([
  'host',
  'content-length',
  'connection',
  'accept-encoding',
  'transfer-encoding',
  'expect',
])
const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const

/** `isSigned`: by an account's secret, which is asked for as $SECRET and signs anew, because receivers refuse what is old. */
export function toCurl(request: Repeatable, isSigned: boolean): string {
  const { method, url, headers, body, isCut } = request
  const notes =
    body === null ? ['# The body was not kept.'] : isCut ? ['# Only the beginning of the body was kept.'] : []
  const shown = Object.entries(headers).filter(
    ([name]) => !ownHeaders.has(name) && !(isSigned && isSignature(name)),
  )
  const lines = [
    `curl -sS -i -X ${method} ${quoteUrl(url)}`,
    ...shown.map(([name, value]) => `-H ${quote(`${name}: ${value}`, variableOf(name))}`),
    ...(isSigned
      ? [
          `-H "webhook-id: $ID"`,
          `-H "webhook-timestamp: $AT"`,
          `-H "webhook-signature: v1,$(printf '%s.%s.%s' "$ID" "$AT" "$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$HMAC_KEY" -binary | base64)"`,
        ]
      : []),
    ...(body === null ? [] : [isSigned ? '--data-raw "$BODY"' : `--data-raw ${quote(body)}`]),
  ]
  const preparation = isSigned
    ? [
        `ID=${quote(headers['webhook-id'] ?? 'msg_test')} AT=$(date +%s)`,
        `BODY=${quote(body ?? '')}`,
        // The secret is base64 behind its prefix; openssl takes hexadecimal.
        `HMAC_KEY=$(printf '%s' "\${SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')`,
      ]
    : []
  return [...notes, ...preparation, lines.join(' \\\n  ')].join('\n')
}

const isSignature = (name: string): boolean => (signed as readonly string[]).includes(name)

function quoteUrl(url: string): string {
  // A blanked value of the query is named after its parameter.
  const parts = url.split(/([?&;][^=&;?]+=)\[secret\]/)
  let text = quote(parts[0] ?? '')
  for (let at = 1; at < parts.length; at += 2) {
    const name = parts[at] ?? ''
    text += `${quote(name)}"$${variableOf(name.slice(1, -1))}"${parts[at + 1] ? quote(parts[at + 1] ?? '') : ''}`
  }
  return text
}

function variableOf(name: string): string {
  return (
    name
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, '_')
      .replace(/^(?=\d)/, '_') || 'SECRET'
  )
}

function quote(text: string, variable = 'SECRET'): string {
  const quoted = (plain: string): string => `'${plain.replaceAll("'", `'\\''`)}'`
  return text.split(BLANK).map(quoted).join(`"$${variable}"`)
}
