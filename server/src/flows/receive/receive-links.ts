/** Files that a message names by their addresses: fetched before it is stored, so that a 200 says that they are kept (decision 19). */
import { Readable } from 'node:stream'
import { DoorError } from '@patchbay/kit/door-error.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { AccountEntry } from '../../accounts/directory.ts'
import { cleanFileName } from '../../attachments/file-names.ts'
import { storeFile } from '../../attachments/files.ts'
import type { Context } from '../../context.ts'
import { version } from '../../version.ts'
import type { Fields } from './receive-body.ts'
import { discardUpload, type Upload } from './receive-multipart.ts'

export interface Link {
  /** Its place in the list, for refusals. */
  place: number
  url: string
  name: string
}

const MOST_LINKS = 10
const LONGEST_URL = 2000
/** For all files of a message together: its sender waits. */
const WITHIN_MS = 15_000
/** Of one account: whoever names slow servers holds up only himself. */
const AT_ONCE = 4
const MOST_WAITING = 40

export function readLinks(fields: Fields): Link[] {
  let given: unknown = null
  for (const [name, value] of fields) if (name === 'attachments') given = value
  if (given === null || given === undefined || given === '') return []
  if (!Array.isArray(given)) throw refuse('attachments', 'attachments must be a list of objects with a url.')
  if (given.length > MOST_LINKS) throw refuse('attachments', `A message names at most ${MOST_LINKS} files.`)
  return given.map(readLink)
}

function readLink(given: unknown, place: number): Link {
  const field = `attachments[${place}].url`
  const { url, name } = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
  if (typeof url !== 'string' || url === '') throw refuse(field, `${field} is missing or no text.`)
  if (url.length > LONGEST_URL) throw refuse(field, `${field} is longer than ${LONGEST_URL} characters.`)
  if (!URL.canParse(url)) throw refuse(field, `${field} is no address.`)
  return { place, url, name: nameOf(new URL(url), name) }
}

/** As the sender calls it, or else as the address ends. */
function nameOf({ pathname }: URL, given: unknown): string {
  for (const name of [given, pathname.split('/').at(-1)]) {
    if (typeof name !== 'string') continue
    try {
      return cleanFileName(name === given ? name : decodeURIComponent(name))
    } catch {
      // Nothing is left of it, or it is no text: the next will do.
    }
  }
  return 'file'
}

function refuse(field: string, detail: string): Refusal {
  return new Refusal('OC-113', detail, { field })
}

export type FetchLinks = (account: AccountEntry, links: readonly Link[]) => Promise<Upload[]>

/** Answers the files in the order of the links, all of them or none. */
export function createFetchLinks(ctx: Pick<Context, 'config' | 'door'>): FetchLinks {
  const lines = new Map<number, { underWay: number; waiting: (() => void)[] }>()

  const inTurn = async <T>(accountId: number, work: () => Promise<T>): Promise<T> => {
    const line = lines.get(accountId) ?? { underWay: 0, waiting: [] }
    lines.set(accountId, line)
    if (line.underWay < AT_ONCE) line.underWay++
    else if (line.waiting.length >= MOST_WAITING)
      throw new Refusal('OC-109', 'Too many files of this account are being fetched at this moment.', {
        retryAfterSeconds: 5,
      })
    else await new Promise<void>((go) => line.waiting.push(go))
    try {
      return await work()
    } finally {
      const next = line.waiting.shift()
      if (next) next()
      else if (--line.underWay === 0) lines.delete(accountId)
    }
  }

  const fetchOne = async (link: Link, limitBytes: number, signal: AbortSignal): Promise<Upload> => {
    const field = `attachments[${link.place}].url`
    const answer = await ctx.door
      .request({
        method: 'GET',
        url: link.url,
        headers: { accept: '*/*', 'user-agent': `Patchbay/${version}` },
        timeoutMs: WITHIN_MS,
        maxResponseBytes: limitBytes,
        signal,
      })
      .catch((error: unknown) => {
        if (!(error instanceof DoorError)) throw error
        const words =
          error.code === 'cancelled' ? 'The files did not arrive within 15 seconds.' : error.message
        throw new Refusal('OC-112', words, { field })
      })
    if (answer.status < 200 || answer.status > 299) {
      const redirected = answer.status >= 300 && answer.status < 400 ? ': redirects are not followed' : ''
      throw new Refusal('OC-112', `${new URL(link.url).host} answered ${answer.status}${redirected}.`, {
        field,
      })
    }
    const part = {
      field: 'file',
      name: link.name,
      bytes: Readable.from([answer.body]),
      isCut: () => answer.truncated,
    }
    return { name: link.name, file: await storeFile(ctx.config.attachmentsDir, part, limitBytes) }
  }

  return async (account, links) => {
    const signal = AbortSignal.timeout(WITHIN_MS)
    const fetched = await Promise.allSettled(
      links.map((link) => inTurn(account.id, () => fetchOne(link, account.attachmentLimitBytes, signal))),
    )
    const failed = fetched.find((one) => one.status === 'rejected')
    const uploads = fetched.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    if (!failed) return uploads
    for (const upload of uploads) await discardUpload(ctx, upload)
    throw failed.reason
  }
}
