/** The secret of an account: asked for by the key of the contact centre, and what is signed with it. */
import { sha256 } from '@patchbay/kit/crypto.ts'
import type { Door, DoorResponse } from '@patchbay/kit/outbound.ts'
import { Webhook } from 'standardwebhooks'

const WITHIN_MS = 10_000

/** Never for a new one. Throws a DoorError. */
export function askSecret(
  door: Pick<Door, 'request'>,
  { origin, accountId, apiKey }: { origin: string; accountId: number; apiKey: string },
): Promise<DoorResponse> {
  return door.request({
    method: 'POST',
    url: `${origin}/api/openchannel/accounts/${accountId}/secret`,
    headers: {
      'user-agent': 'Patchbay-Cloud',
      'content-type': 'application/json',
      authorization: `Bearer ${apiKey}`,
    },
    body: '{}',
    timeoutMs: WITHIN_MS,
  })
}

/** Undefined for an answer that gives none. */
export function readSecret({ status, body }: DoorResponse): { secret: string; uid: string } | undefined {
  if (status !== 200) return undefined
  try {
    const { secret, uid } = JSON.parse(body.toString('utf8')) ?? {}
    return typeof secret === 'string' && typeof uid === 'string' ? { secret, uid } : undefined
  } catch {
    return undefined
  }
}

/** By Standard Webhooks. What is sent again carries the same id. Nothing for a secret that cannot sign. */
export function signatureOf(secret: string | null, body: string): Record<string, string> {
  if (secret === null) return {}
  const id = `pbc_${sha256(body).toString('base64url')}`
  const at = new Date()
  try {
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    }
  } catch {
    return {}
  }
}
