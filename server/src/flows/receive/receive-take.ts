/** From a Receive call to a stored message: reads the body in the sender's dialect, applies the rules, hands it to the batches. */
import type { Accepted } from '@patchbay/protocol/open-channel.ts'
import type { FastifyRequest } from 'fastify'
import type { AccountEntry } from '../../accounts/directory.ts'
import { type Arriving, notes } from '../../arrivals/arrivals.ts'
import * as attachments from '../../attachments/attachments.ts'
import { fieldsOf } from '../../contacts/fields.ts'
import { isContactField } from '../../contacts/keys.ts'
import type { Context } from '../../context.ts'
import { receive } from './receive.ts'
import type { Batches } from './receive-batch.ts'
import { bodyKind, type Fields, readFields, readText } from './receive-body.ts'
import type { CustomFields } from './receive-contact.ts'
import { type Inbound, readMessage } from './receive-fields.ts'
import { createFetchLinks, type Link, readLinks } from './receive-links.ts'
import { discardUpload, readParts, type Upload, withUpload } from './receive-multipart.ts'
import { expectSignature } from './receive-signature.ts'

/** Fills in what was read as it goes, for the log. */
export type Take = (request: FastifyRequest, account: AccountEntry, arriving: Arriving) => Promise<Accepted>

const none: CustomFields = new Map()

/** Throws a Refusal for whatever the sender can mend. */
export function createTake(ctx: Pick<Context, 'config' | 'db' | 'door'>, batches: Batches): Take {
  const fetchLinks = createFetchLinks(ctx)
  return async (request, account, arriving) => {
    const kind = bodyKind(request.raw)
    const checkSignature = expectSignature(request.raw, account)
    if (kind !== 'multipart') {
      const text = await readText(request.raw, account.bodyLimitBytes)
      arriving.body = text
      checkSignature?.()
      if (kind === 'form') arriving.notes |= notes.form
      return store(request, account, readFields(text, kind, request.raw))
    }
    arriving.notes |= notes.multipart
    const { fields, upload } = await readParts(ctx, request.raw, account, checkSignature)
    arriving.body = JSON.stringify(Object.fromEntries(fields))
    return upload ? storeWith(upload, request, account, fields) : store(request, account, fields)
  }

  async function store(request: FastifyRequest, account: AccountEntry, fields: Fields): Promise<Accepted> {
    const customFields = namesCustom(fields, account) ? await readCustomFields(account) : none
    const { mapKey } = account
    const links = readLinks(fields)
    const rules = { mapKey, customFields, hasFile: links.length > 0, senderId: senderId(request) }
    const message = readMessage(fields, rules)
    if (links.length > 0) return storeLinked(links, message, account)
    const { attachmentId } = message
    if (attachmentId !== null)
      await attachments.requireFit(ctx.db, attachmentId, account.attachmentLimitBytes)
    return receive(batches, account, message)
  }

  async function storeWith(
    upload: Upload,
    request: FastifyRequest,
    account: AccountEntry,
    fields: Fields,
  ): Promise<Accepted> {
    const read = async () => {
      const customFields = await readCustomFields(account)
      const { mapKey } = account
      return readMessage(fields, { mapKey, customFields, hasFile: true, senderId: senderId(request) })
    }
    const message = await read().catch(async (error) => {
      await discardUpload(ctx, upload)
      throw error
    })
    return withUpload(ctx, upload, async (attachmentId) => {
      const digest = upload.file.digest.toString('hex')
      const result = await receive(batches, account, { ...message, attachmentId }, digest)
      return { result, isTaken: !result.duplicate }
    })
  }

  /** The first file comes with the text, the others follow it as messages of their own. */
  async function storeLinked(
    links: readonly Link[],
    message: Inbound,
    account: AccountEntry,
  ): Promise<Accepted> {
    const parts = links.map((link, place) =>
      place === 0 ? { link, message } : { link, message: follow(message, place) },
    )
    const known = await idsKnown(account, parts)
    // What came before is not fetched again: its address may be over.
    const missing = parts.filter((part) => !known.has(part.message.senderId))
    const uploads = await fetchLinks(
      account,
      missing.map(({ link }) => link),
    )
    const accepted: Accepted[] = []
    try {
      for (const part of parts) {
        const digest = `url:${part.link.url}`
        const upload = known.has(part.message.senderId) ? undefined : uploads.shift()
        if (upload)
          accepted.push(
            await withUpload(ctx, upload, async (attachmentId) => {
              const result = await receive(batches, account, { ...part.message, attachmentId }, digest)
              return { result, isTaken: !result.duplicate }
            }),
          )
        else accepted.push(await receive(batches, account, part.message, digest))
      }
    } finally {
      for (const upload of uploads) await discardUpload(ctx, upload)
    }
    const [first] = accepted
    if (!first) throw new Error('a message with files has none')
    return { ...first, duplicate: accepted.every(({ duplicate }) => duplicate) }
  }

  async function idsKnown(
    account: AccountEntry,
    parts: readonly { message: Inbound }[],
  ): Promise<ReadonlySet<string | null>> {
    const ids = parts.flatMap((part) => part.message.senderId ?? [])
    if (ids.length === 0) return new Set()
    const rows = await ctx.db
      .selectFrom('sender_message')
      .select('sender_id')
      .where('account_id', '=', account.id)
      .where('sender_id', 'in', ids)
      .execute()
    return new Set(rows.map((row) => row.sender_id))
  }

  async function readCustomFields(account: AccountEntry): Promise<CustomFields> {
    const fields = await fieldsOf(ctx.db, account.listId)
    return new Map(fields.map((field) => [field.id, field]))
  }
}

/** A further file of a message: under an id of its own, so that a repetition stores what is missing and nothing twice. */
function follow(message: Inbound, place: number): Inbound {
  const senderId = message.senderId === null ? null : `${message.senderId} (file ${place + 1})`
  return { ...message, body: '', sent: [], ignored: [], senderId }
}

// Most messages name no custom field, and then nobody needs to be asked for them. A refused mapKey is told which there are.
function namesCustom(fields: Fields, account: AccountEntry): boolean {
  let mapKey: unknown = account.mapKey
  for (const [name, value] of fields) {
    if (name.startsWith('cf_')) return true
    if (name === 'mapKey') mapKey = value || mapKey
  }
  return typeof mapKey !== 'string' || !isContactField(mapKey.trim())
}

function senderId({ headers }: FastifyRequest): string | undefined {
  const id = headers['idempotency-key'] || headers['webhook-id']
  return Array.isArray(id) ? id[0] : id
}
