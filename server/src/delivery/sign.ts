/** Signs an answer as Standard Webhooks has it. */
import { Webhook } from 'standardwebhooks'

/** One signature for each secret (`whsec_...`), the newest first: during a rotation a receiver may know either. */
export function signatureHeaders(
  webhookId: string,
  at: Date,
  body: string,
  secrets: readonly string[],
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  return {
    'webhook-id': webhookId,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(webhookId, at, body)).join(' '),
  }
}
