/** Links that open one file for a day without signing in: what a Reply URL gets. */
import { equalInConstantTime, hmacSha256 } from '@patchbay/kit/crypto.ts'
import type { Context } from '../context.ts'

const VALID_S = 24 * 3600

type LinkContext = Pick<Context, 'sealingKey' | 'config'>

/** Signed anew at each call. */
export function signedUrl(ctx: LinkContext, id: number): string {
  const expires = Math.floor(Date.now() / 1000) + VALID_S
  const signature = sign(ctx, id, expires)
  return `${ctx.config.publicUrl}/api/attachments/${id}/download?expires=${expires}&signature=${signature}`
}

/** `expires` in seconds of the epoch. */
export function isSigned(ctx: LinkContext, id: number, expires: number, signature: string): boolean {
  return expires * 1000 > Date.now() && equalInConstantTime(signature, sign(ctx, id, expires))
}

function sign({ sealingKey }: LinkContext, id: number, expires: number): string {
  const key = hmacSha256(sealingKey.bytes, 'attachment links')
  return hmacSha256(key, `${id}.${expires}`).toString('base64url')
}
