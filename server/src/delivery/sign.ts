/** Signs an answer as Standard Webhooks has it. */
import { createHmac, createSecretKey } from 'node:crypto'

const PREFIX = 'whsec_'

/** One signature for each secret (`whsec_...`), the newest first: during a rotation a receiver may know either. */
export function signatureHeaders(
  webhookId: string,
  at: Date,
  body: string,
  secrets: readonly string[],
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const text = `${webhookId}.${timestamp}.${body}`
  return {
    'webhook-id': webhookId,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${digestOf(secret, text)}`).join(' '),
  }
}

function digestOf(secret: string, text: string): string {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64')
  // Given the bytes themselves it first makes sure, by errors thrown and caught, that they are no key: 25 us in place of 8.
  return createHmac('sha256', createSecretKey(key)).update(text).digest('base64')
}
