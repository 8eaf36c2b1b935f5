/** Says of a request to which server it goes: by the digest of an account's token or of an API key, or of the uid that a signed link names. Nothing of it is stored. */
import { sha256 } from '@patchbay/kit/crypto.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Registry } from './registry.ts'

/** What a request names: `digest` is what limits count by. */
export interface Way {
  serverId: string
  digest: string
}

const accountPath = /^\/api\/openchannel\/accounts\/(\d{1,15})\/([a-z]+)\/?$/
/** What of an account is for programs outside; everything else is for the server's own people. */
const accountVerbs = new Set(['notify', 'receive', 'receipts', 'typing', 'events', 'secret'])
const downloadPath = /^\/api\/attachments\/\d{1,15}\/download\/?$/
const attachmentPath = /^\/api\/attachments(\/\d{1,15}(\/download)?)?\/?$/

export function isRelayed(path: string): boolean {
  const account = accountPath.exec(path)
  return account ? accountVerbs.has(account[2] ?? '') : attachmentPath.test(path)
}

/** `authorization` as the header says it. Throws RL-102 or RL-103. */
export function findWay(
  registry: Pick<Registry, 'serverOfAccount' | 'serverOfKey' | 'serverOfUid'>,
  url: URL,
  authorization: string | undefined,
): Way {
  const given = [
    url.searchParams.get('token'),
    url.searchParams.get('apikey'),
    bearerOf(authorization),
  ].filter((text) => text !== null)
  const accountId = Number(accountPath.exec(url.pathname)?.[1])
  for (const text of given) {
    const digest = sha256(text).toString('hex')
    const serverId =
      (accountId ? registry.serverOfAccount(accountId, digest) : undefined) ?? registry.serverOfKey(digest)
    if (serverId !== undefined) return { serverId, digest }
  }
  const signed = ofSignedLink(registry, url)
  if (signed) return signed
  if (given.length === 0 && authorization !== undefined && /^basic\s/i.test(authorization))
    throw new Refusal('RL-103')
  throw new Refusal('RL-102')
}

// The uid proves nothing: whether the link is good and not over is for the server to say.
function ofSignedLink(registry: Pick<Registry, 'serverOfUid'>, url: URL): Way | undefined {
  const uid = url.searchParams.get('account')
  if (uid === null || !url.searchParams.has('signature') || !downloadPath.test(url.pathname)) return undefined
  const digest = sha256(uid).toString('hex')
  const serverId = registry.serverOfUid(digest)
  return serverId === undefined ? undefined : { serverId, digest }
}

function bearerOf(authorization: string | undefined): string | null {
  return /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1] ?? null
}
