/** Files that come with a customer's message, in the same call or uploaded before. */
import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { startTestServer, type TestAccount } from '../../testing.ts'
import { type Answer, post, send } from './receive-testing.ts'

const server = await startTestServer()
const { pool, config } = server.ctx
const account = await server.makeAccount()
let people = 0

async function stored(): Promise<number> {
  const entries = await readdir(config.attachmentsDir, { recursive: true, withFileTypes: true }).catch(
    () => [],
  )
  return entries.filter((entry) => entry.isFile()).length
}

async function attachment(id: number) {
  const { rows } = await pool.query('select * from attachment where id = $1', [id])
  return rows[0]
}

async function message({ body }: Answer) {
  const { rows } = await pool.query('select * from message where id = $1', [body.message.id])
  return rows[0]
}

function form(fields: Record<string, string>, file?: string, name = 'photo.txt'): FormData {
  const form = new FormData()
  for (const [field, value] of Object.entries(fields)) form.append(field, value)
  if (file !== undefined) form.append('file', new Blob([file]), name)
  return form
}

const fields = (): Record<string, string> => ({ from: `c${++people}`, mapKey: 'facebook', body: 'See this' })

async function upload(text = 'x'): Promise<number> {
  const { headers } = await server.makeKey(server.admin)
  const response = await fetch(`${server.url}/api/attachments`, {
    method: 'POST',
    headers,
    body: form({}, text),
  })
  return ((await response.json()) as { id: number }).id
}

describe('text and file in one call', () => {
  test('are one message with an attachment of the account', async () => {
    const answer = await post(account.receiveUrl, { body: form({ ...fields(), tags: 'vip,new' }, 'bytes') })
    expect(answer).toMatchObject({ status: 200, body: { ignored: [] } })
    const { attachment_id, body } = await message(answer)
    expect(body).toBe('See this')
    expect(await attachment(attachment_id)).toMatchObject({
      name: 'photo.txt',
      type: 'text/plain',
      account_id: account.id,
      user_id: null,
    })
  })

  test('may be a file alone, which the inbox shows by its name', async () => {
    const answer = await post(account.receiveUrl, {
      body: form({ ...fields(), body: '' }, 'bytes', 'report.pdf'),
    })
    expect(answer.status).toBe(200)
    const { rows } = await pool.query('select last_message_preview from interaction where id = $1', [
      answer.body.interaction.id,
    ])
    expect(rows[0].last_message_preview).toBe('report.pdf')
  })

  test('may be text alone', async () => {
    expect((await post(account.receiveUrl, { body: form(fields()) })).status).toBe(200)
  })

  const refused: [name: string, body: () => FormData, status: number, code: string][] = [
    ['a mapKey that is none', () => form({ ...fields(), mapKey: 'x' }, 'bytes'), 400, 'OC-104'],
    ['an empty file', () => form(fields(), ''), 400, 'AT-102'],
    ['a name of path characters', () => form(fields(), 'x', '..'), 400, 'AT-104'],
    ['both a file and an upload', () => form({ ...fields(), AttachmentId: '1' }, 'x'), 400, 'OC-113'],
    ['a text above 64 KiB', () => form({ ...fields(), body: 'x'.repeat(65_537) }, 'x'), 400, 'OC-111'],
    [
      'fields above the account’s limit',
      () =>
        form({
          ...fields(),
          a: 'x'.repeat(60_000),
          b: 'x'.repeat(60_000),
          c: 'x'.repeat(60_000),
          d: 'x'.repeat(60_000),
          e: 'x'.repeat(60_000),
        }),
      413,
      'OC-107',
    ],
    ['neither text nor file', () => form({ ...fields(), body: '' }), 400, 'OC-103'],
  ]
  for (const [name, body, status, code] of refused)
    test(`with ${name} are refused, and no file stays`, async () => {
      const before = await stored()
      expect(await post(account.receiveUrl, { body: body() })).toMatchObject({ status, body: { code } })
      expect(await stored()).toBe(before)
    })

  test('a file in another part is refused', async () => {
    const body = form(fields())
    body.append('photo', new Blob(['x']), 'a.txt')
    expect(await post(account.receiveUrl, { body })).toMatchObject({ status: 400, body: { code: 'OC-111' } })
  })

  test('above the account’s limit are refused, and no file stays', async () => {
    const small = await server.makeAccount()
    const body = { attachmentLimitBytes: 1000 }
    await server.call('PATCH /api/openchannel/accounts/:id', { params: { id: small.id }, body })
    const before = await stored()
    const answer = await post(small.receiveUrl, { body: form(fields(), 'x'.repeat(1001)) })
    expect(answer).toMatchObject({ status: 413, body: { code: 'AT-103' } })
    expect(await stored()).toBe(before)
    expect((await post(small.receiveUrl, { body: form(fields(), 'x'.repeat(1000)) })).status).toBe(200)
  })

  test('repeated under one id are stored once, the file too; with another file they are another message', async () => {
    const body = { ...fields(), messageId: 'with-file' }
    const first = await post(account.receiveUrl, { body: form(body, 'bytes') })
    const before = await stored()
    const second = await post(account.receiveUrl, { body: form(body, 'bytes') })
    expect(second.body).toEqual({ ...first.body, duplicate: true })
    const other = await post(account.receiveUrl, { body: form(body, 'other bytes') })
    expect(other).toMatchObject({ status: 409, body: { code: 'OC-106', fields: ['AttachmentId'] } })
    expect(await stored()).toBe(before)
  })
})

describe('a file uploaded before', () => {
  test('is held by the account from its first message on, and usable again there', async () => {
    const AttachmentId = await upload()
    const answer = await send(account, { ...fields(), AttachmentId })
    expect(await message(answer)).toMatchObject({ attachment_id: AttachmentId })
    expect(await attachment(AttachmentId)).toMatchObject({ account_id: account.id, user_id: server.admin.id })
    expect((await post(account.receiveUrl, { body: { ...fields(), AttachmentId } })).status).toBe(200)
  })

  const refuse = async (to: TestAccount, AttachmentId: number, extra: object = {}): Promise<void> => {
    const from = `refused${++people}`
    const answer = await post(to.receiveUrl, { body: { ...fields(), from, AttachmentId, ...extra } })
    expect(answer).toMatchObject({ status: 400, body: { code: 'OC-105', field: 'AttachmentId' } })
    const { rows } = await pool.query('select 1 from contact where facebook = $1', [from])
    expect(rows).toEqual([])
  }

  test('is refused when there is none, when another account has it, and when it is gone', async () => {
    const foreign = await server.makeAccount()
    await refuse(account, 999_999)
    const taken = await upload()
    await send(account, { ...fields(), AttachmentId: taken })
    await refuse(foreign, taken)
    const expired = await upload()
    await pool.query(`update attachment set expires_at = now() - interval '1 s' where id = $1`, [expired])
    await refuse(account, expired)
  })

  test('refused once is no message: the same id is free afterwards', async () => {
    const messageId = 'free-again'
    await refuse(account, 999_999, { messageId })
    const AttachmentId = await upload()
    const answer = await send(account, { ...fields(), messageId, AttachmentId })
    expect(answer.body.duplicate).toBe(false)
  })

  test('does not spoil a batch: its neighbours are stored', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        post(account.receiveUrl, { body: { ...fields(), ...(i % 10 === 0 && { AttachmentId: 999_999 }) } }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(27)
    expect(answers.filter(({ body }) => body.code === 'OC-105')).toHaveLength(3)
  })

  test('whose message came before is a repetition, also when the file is gone since', async () => {
    const AttachmentId = await upload()
    const body = { ...fields(), AttachmentId, messageId: 'file-gone' }
    const first = await send(account, body)
    await pool.query('update attachment set removed_at = now() where id = $1', [AttachmentId])
    expect((await send(account, body)).body).toEqual({ ...first.body, duplicate: true })
  })

  test('is measured by the limit of the account whose message holds it', async () => {
    const small = await server.makeAccount()
    const params = { id: small.id }
    await server.call('PATCH /api/openchannel/accounts/:id', { params, body: { attachmentLimitBytes: 2 } })
    const AttachmentId = await upload('123')
    const body = { ...fields(), AttachmentId, messageId: 'measured' }
    expect(await post(small.receiveUrl, { body })).toMatchObject({
      status: 413,
      body: { code: 'AT-103', field: 'AttachmentId', limitBytes: 2 },
    })
    // Nothing stands in the way of the same message once the account takes more, and a later limit none in that of its repetition.
    await server.call('PATCH /api/openchannel/accounts/:id', { params, body: { attachmentLimitBytes: 3 } })
    expect((await send(small, body)).body.duplicate).toBe(false)
    await server.call('PATCH /api/openchannel/accounts/:id', { params, body: { attachmentLimitBytes: 2 } })
    expect((await send(small, body)).body.duplicate).toBe(true)
  })

  test('tells nothing of its size when another account has it', async () => {
    const small = await server.makeAccount()
    const body = { attachmentLimitBytes: 2 }
    await server.call('PATCH /api/openchannel/accounts/:id', { params: { id: small.id }, body })
    const AttachmentId = await upload('123')
    await send(account, { ...fields(), AttachmentId })
    await refuse(small, AttachmentId)
  })
})
