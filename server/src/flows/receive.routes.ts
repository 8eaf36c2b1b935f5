/** The Receive URL over HTTP. It stands outside the endpoint table: senders speak several dialects, and it is the hot path. */
import type { Accepted } from '@patchbay/protocol/open-channel.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountEntry, Directory } from '../accounts/directory.ts'
import { fieldsOf } from '../contacts/fields.ts'
import { isContactField } from '../contacts/keys.ts'
import type { Context } from '../context.ts'
import { receive } from './receive.ts'
import { findByCaller, findByToken } from './receive-access.ts'
import { openBatches } from './receive-batch.ts'
import { bodyKind, type Fields, readFields } from './receive-body.ts'
import type { CustomFields } from './receive-contact.ts'
import { type Inbound, readMessage } from './receive-fields.ts'
import { createLimiter } from './receive-limits.ts'
import { discardUpload, readParts, withUpload } from './receive-multipart.ts'

const paths = ['notify', 'receive'].flatMap((name) => [
  `/api/openchannel/accounts/:id/${name}`,
  `/api/openchannel/accounts/:id/${name}/`,
])

const none: CustomFields = new Map()

export function receivePlugin(ctx: Context, directory: Directory) {
  return async (app: FastifyInstance): Promise<void> => {
    const batches = openBatches(ctx)
    const limiter = createLimiter()
    app.addHook('onClose', () => batches.close())
    // The handler reads the body: how much it may hold depends on the account.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))

    const find = async (request: FastifyRequest): Promise<AccountEntry> =>
      findByToken(directory, request) ?? (await findByCaller(ctx, directory, request))

    const post = async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
      const account = findByToken(directory, request) ?? (await findByCaller(ctx, directory, request))
      const leave = limiter.enter(account)
      try {
        const accepted = await take(request, account)
        // A handler that answers the reply itself would make the framework wait for the end of its stream.
        reply.type('application/json')
        return JSON.stringify(accepted)
      } finally {
        leave()
      }
    }

    const take = async (request: FastifyRequest, account: AccountEntry): Promise<Accepted> => {
      const kind = bodyKind(request.raw)
      if (kind === 'multipart') return takeParts(request, account)
      const fields = await readFields(request.raw, kind, account.bodyLimitBytes)
      return receive(batches, account, await read(request, account, fields, false))
    }

    const takeParts = async (request: FastifyRequest, account: AccountEntry): Promise<Accepted> => {
      const { fields, upload } = await readParts(ctx, request.raw, account)
      if (!upload) return receive(batches, account, await read(request, account, fields, false))
      const message = await read(request, account, fields, true).catch(async (error) => {
        await discardUpload(ctx, upload)
        throw error
      })
      return withUpload(ctx, upload, async (attachmentId) => {
        const digest = upload.file.digest.toString('hex')
        const result = await receive(batches, account, { ...message, attachmentId }, digest)
        return { result, isTaken: !result.duplicate }
      })
    }

    const read = async (
      request: FastifyRequest,
      account: AccountEntry,
      fields: Fields,
      hasFile: boolean,
    ): Promise<Inbound> =>
      readMessage(fields, {
        mapKey: account.mapKey,
        customFields: namesCustom(fields, account) ? await customFields(ctx, account) : none,
        hasFile,
        senderId: senderId(request),
      })

    for (const path of paths) {
      app.post(path, post)
      app.get(path, async (request, reply) => alive(await find(request), request, reply))
    }
  }
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

async function customFields(ctx: Context, account: AccountEntry): Promise<CustomFields> {
  const fields = await fieldsOf(ctx.db, account.listId)
  return new Map(fields.map((field) => [field.id, field]))
}

function senderId({ headers }: FastifyRequest): string | undefined {
  const id = headers['idempotency-key'] ?? headers['webhook-id']
  return Array.isArray(id) ? id[0] : id
}

function alive(account: AccountEntry, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const hint = 'POST a message here: from, body and mapKey, as JSON or as a form.'
  if (!request.headers.accept?.includes('text/html'))
    return reply.send({ status: 'alive', account: { id: account.id, name: account.name }, hint })
  const page = `<!doctype html><html lang="en"><title>Receive URL</title><h1>This Receive URL is alive</h1>
<p>It belongs to the account <b>${escapeHtml(account.name)}</b>. ${hint}</p></html>`
  return reply.type('text/html; charset=utf-8').send(page)
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
