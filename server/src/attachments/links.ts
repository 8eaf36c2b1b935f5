/** Links that open one file for a day without signing in: what a Reply URL gets. */
import { equalInConstantTime, hmacSha256 } from '@patchbay/kit/crypto.ts'
import type { Context } from '../context.ts'

const VALID_S = 24 * 3600

type LinkContext = Pick<Context, 'sealingKey' | 'config' | 'wayIn'>

/** Signed anew at each call. A relay has to be told whose account it is, and finds the server by that. */
export function signedUrl(ctx: LinkContext, id: number, accountUid: string): string {
  const expires = Math.floor(Date.now() / 1000) + VALID_S
  const query = `expires=${expires}&signature=${sign(ctx, id, expires)}`
  const path = `/api/attachments/${id}/download?${query}`
  const relay = ctx.wayIn.relay()
  return relay === undefined ? `${ctx.config.publicUrl}${path}` : `${relay}${path}&account=${accountUid}`
}

/** `expires` in seconds of the epoch. */
export function isSigned(
  ctx: Pick<Context, 'sealingKey'>,
  id: number,
  expires: number,
  signature: string,
): boolean {
  return expires * 1000 > Date.now() && equalInConstantTime(signature, sign(ctx, id, expires))
}

function sign({ sealingKey }: Pick<Context, 'sealingKey'>, id: number, expires: number): string {
  const key = hmacSha256(sealingKey.bytes, 'attachment links')
  return hmacSha256(key, `${id}.${expires}`).toString('base64url')
}
