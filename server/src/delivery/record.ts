/** What the log of attempts keeps of a body: its beginning, without anything that opens a door. */
import { redactUrl } from '@patchbay/kit/log.ts'
import { BLANK } from '@patchbay/kit/secret-headers.ts'

const KEPT_BYTES = 4096

/** `secrets` are values that stand in the body, or that a receiver may have echoed into it. */
export function keepBody(body: string | Buffer, secrets: readonly string[]): string {
  // Blanked before the cut, or half a secret at the end of what is kept would stay.
  return cut(blankSecrets(typeof body === 'string' ? body : body.toString('utf8'), secrets))
}

export function blankSecrets(whole: string, secrets: readonly string[]): string {
  let text = whole
  for (const secret of secrets) if (secret !== '') text = text.replaceAll(secret, BLANK)
  return redactUrl(text)
    .replace(/whsec_[A-Za-z0-9+/=_-]+/g, BLANK)
    .replaceAll('\0', '\u2400')
}

function cut(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= KEPT_BYTES) return text
  // A character cut in half decodes to the replacement character.
  return bytes
    .subarray(0, KEPT_BYTES)
    .toString('utf8')
    .replace(/\ufffd$/, '')
}
