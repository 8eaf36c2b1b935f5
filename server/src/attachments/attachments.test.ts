/** Files up and down: who may, what is taken, and that nothing served can act as a page of ours. */
import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Person, startTestServer } from '../testing.ts'
import * as attachments from './attachments.ts'
import { removeExpired } from './expiry.ts'
import { signedUrl } from './links.ts'

const limitBytes = 200_000
const server = await startTestServer({ attachmentLimitBytes: limitBytes })
const { ctx } = server
const folder = ctx.config.attachmentsDir
const agent = await server.makeUser()
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

interface Uploaded {
  status: number
  body: { id: number; name: string; type: string; sizeBytes: number; expiresAt: string | null; code?: string }
}

async function upload(
  bytes: Uint8Array | string,
  name = 'note.txt',
  { as = agent, query = '', part = 'file' }: { as?: Person; query?: string; part?: string } = {},
): Promise<Uploaded> {
  const form = new FormData()
  form.set(part, new Blob([bytes as Uint8Array<ArrayBuffer>]), name)
  const response = await fetch(`${server.url}/api/attachments${query}`, {
    method: 'POST',
    headers: as.headers,
    body: form,
  })
  return { status: response.status, body: (await response.json()) as Uploaded['body'] }
}

async function uploadRaw(contentDisposition: string, bytes = 'x'): Promise<Uploaded> {
  const body = `--b\r\nContent-Disposition: form-data; ${contentDisposition}\r\n\r\n${bytes}\r\n--b--\r\n`
  const headers = { ...agent.headers, 'content-type': 'multipart/form-data; boundary=b' }
  const response = await fetch(`${server.url}/api/attachments`, { method: 'POST', headers, body })
  return { status: response.status, body: (await response.json()) as Uploaded['body'] }
}

function download(
  id: number,
  options: { as?: Person | null; headers?: object; path?: string } = {},
): Promise<Response> {
  const { as = agent, headers = {}, path = 'download' } = options
  return fetch(`${server.url}/api/attachments/${id}/${path}`, { headers: { ...as?.headers, ...headers } })
}

/** Every file below the attachments folder. */
async function stored(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

describe('an upload', () => {
  test('answers 201 with what the server found the file to be', async () => {
    const { status, body } = await upload(png, 'photo of it.png')
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(Number),
      name: 'photo of it.png',
      type: 'image/png',
      sizeBytes: png.length,
      createdAt: expect.any(String),
      expiresAt: null,
    })
    const row = await attachments.findAny(ctx.db, body.id)
    expect(await readFile(join(folder, row.path))).toEqual(png)
    expect(row.digest).toHaveLength(32)
  })

  const types: [name: string, bytes: Uint8Array | string, type: string][] = [
    ['page.html', '<!doctype html><script>alert(1)</script>', 'text/plain'],
    ['photo.png', 'no image at all', 'text/plain'],
    ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'text/plain'],
    ['data.csv', 'a;b\né;ü', 'text/plain'],
    ['data.bin', new Uint8Array([0, 1, 2, 255]), 'application/octet-stream'],
    ['invoice.pdf', '%PDF-1.7\n', 'application/pdf'],
    ['photo.txt', png, 'image/png'],
  ]
  for (const [name, bytes, type] of types)
    test(`${name} is ${type} by its bytes`, async () => {
      expect((await upload(bytes, name)).body.type).toBe(type)
    })

  const names: [given: string, kept: string][] = [
    ['../../etc/passwd', 'passwd'],
    ['C:\\docs\\a.pdf', 'a.pdf'],
    ['über 😢.txt', 'über 😢.txt'],
    ['a\u202egnp.exe', 'agnp.exe'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(196)}.pdf`],
    ['.htaccess', '.htaccess'],
  ]
  for (const [given, kept] of names)
    test(`the name ${given.slice(0, 30)} is kept as ${kept.slice(0, 30)}`, async () => {
      expect((await upload('x', given)).body.name).toBe(kept)
    })

  const refused: [name: string, result: () => Promise<Uploaded>, status: number, code: string][] = [
    ['an empty file', () => upload('', 'a.txt'), 400, 'AT-102'],
    ['a part of another name', () => upload('x', 'a.txt', { part: 'upload' }), 400, 'AT-101'],
    ['a part without a file name', () => uploadRaw('name="file"'), 400, 'AT-104'],
    ['a name of path characters', () => uploadRaw('name="file"; filename="../"'), 400, 'AT-104'],
    ['a name of dots', () => uploadRaw('name="file"; filename=".."'), 400, 'AT-104'],
    ['a name of blanks', () => uploadRaw('name="file"; filename="  "'), 400, 'AT-104'],
  ]
  for (const [name, result, status, code] of refused)
    test(`of ${name} is ${code}, and nothing is stored`, async () => {
      const before = await stored()
      expect(await result()).toMatchObject({ status, body: { code } })
      expect(await stored()).toEqual(before)
    })

  test('of two files is refused, and neither is stored', async () => {
    const before = await stored()
    const form = new FormData()
    form.append('file', new Blob(['a']), 'a.txt')
    form.append('file', new Blob(['b']), 'b.txt')
    const response = await fetch(`${server.url}/api/attachments`, {
      method: 'POST',
      headers: agent.headers,
      body: form,
    })
    expect(await response.json()).toMatchObject({ code: 'AT-101' })
    expect(await stored()).toEqual(before)
  })

  test('above the installation’s limit is 413 and leaves nothing, one of exactly that is taken', async () => {
    const before = await stored()
    const large = new Uint8Array(limitBytes + 1)
    expect(await upload(large)).toMatchObject({ status: 413, body: { code: 'AT-103' } })
    expect(await stored()).toEqual(before)
    expect((await upload(large.subarray(1))).status).toBe(201)
  })

  test('may be as large as the most generous account of its uploader takes', async () => {
    const [member, stranger] = [await server.makeUser(), await server.makeUser()]
    const generous = await server.makeAccount({ agents: [member] })
    const modest = await server.makeAccount({ agents: [member, stranger] })
    const limit = (id: number, attachmentLimitBytes: number) =>
      server.call('PATCH /api/openchannel/accounts/:id', { params: { id }, body: { attachmentLimitBytes } })
    await limit(generous.id, limitBytes + 10)
    await limit(modest.id, 5)
    expect((await upload('x'.repeat(limitBytes + 10), 'a.txt', { as: member })).status).toBe(201)
    expect((await upload('x'.repeat(limitBytes + 10), 'a.txt', { as: server.admin })).status).toBe(201)
    expect(await upload('x'.repeat(limitBytes + 11), 'a.txt', { as: member })).toMatchObject({
      status: 413,
      body: { code: 'AT-103', limitBytes: limitBytes + 10 },
    })
    expect(await upload('x'.repeat(limitBytes + 10), 'a.txt', { as: stranger })).toMatchObject({
      status: 413,
      body: { limitBytes },
    })
  })

  test('that breaks off leaves nothing', async () => {
    const before = await stored()
    const { port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    const { authorization } = (await server.makeKey(agent)).headers
    socket.write(
      `POST /api/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: 100000\r\n` +
        'Content-Type: multipart/form-data; boundary=b\r\n\r\n' +
        `--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n${'x'.repeat(70_000)}`,
    )
    await expect.poll(async () => (await stored()).length).toBe(before.length + 1)
    socket.destroy()
    await expect.poll(stored).toEqual(before)
  })

  test('of something that is no multipart is 415, of nobody 401', async () => {
    const headers = { ...agent.headers, 'content-type': 'application/json' }
    const json = await fetch(`${server.url}/api/attachments`, { method: 'POST', headers, body: '{}' })
    expect([json.status, ((await json.json()) as { code: string }).code]).toEqual([403, 'AU-106'])
    const { headers: key } = await server.makeKey(agent)
    const byKey = await fetch(`${server.url}/api/attachments`, {
      method: 'POST',
      headers: { ...key, 'content-type': 'application/json' },
      body: '{}',
    })
    expect(byKey.status).toBe(415)
    expect((await fetch(`${server.url}/api/attachments`, { method: 'POST' })).status).toBe(401)
  })
})

describe('a download', () => {
  test('gives the bytes as something to save, with or without a slash', async () => {
    const { body } = await upload('hello', 'né (x).txt')
    for (const path of ['download', 'download/']) {
      const response = await download(body.id, { path })
      expect(response.status).toBe(200)
      expect(await response.text()).toBe('hello')
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="n_ (x).txt"; filename*=UTF-8''n%C3%A9%20%28x%29.txt`,
        'content-security-policy': expect.stringContaining('sandbox'),
        'x-content-type-options': 'nosniff',
        'accept-ranges': 'bytes',
      })
    }
  })

  test('shows an image in place when asked, and never a page', async () => {
    const image = await download((await upload(png, 'a.png')).body.id, { path: 'download?inline=true' })
    expect(image.headers.get('content-type')).toBe('image/png')
    expect(image.headers.get('content-disposition')).toMatch(/^inline/)
    const page = await download((await upload('<script>1</script>', 'a.html')).body.id, {
      path: 'download?inline=true',
    })
    expect(page.headers.get('content-type')).toBe('application/octet-stream')
    expect(page.headers.get('content-disposition')).toMatch(/^attachment/)
  })

  test('gives ranges', async () => {
    const { body } = await upload('0123456789')
    const range = async (value: string) => {
      const response = await download(body.id, { headers: { range: value } })
      return [response.status, response.headers.get('content-range'), await response.text()]
    }
    expect(await range('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234'])
    expect(await range('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789'])
    expect(await range('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789'])
    const [status, contentRange, problem] = await range('bytes=10-')
    expect([status, contentRange]).toEqual([416, 'bytes */10'])
    expect(JSON.parse(problem as string)).toMatchObject({ code: 'AT-106' })
  })

  test('is answered 404 for what is not there', async () => {
    expect((await download(999_999)).status).toBe(404)
    const { status } = await server.call('GET /api/attachments/:id', { params: { id: 999_999 } })
    expect(status).toBe(404)
  })
})

describe('who may see a file', () => {
  const hold = async (id: number, accountId: number): Promise<void> => {
    await ctx.pool.query('update attachment set account_id = $2 where id = $1', [id, accountId])
  }

  test('until a message holds it, only who uploaded it', async () => {
    const { body } = await upload('secret')
    expect((await download(body.id)).status).toBe(200)
    expect((await download(body.id, { as: server.admin })).status).toBe(404)
    expect((await download(body.id, { as: await server.makeUser() })).status).toBe(404)
    expect((await download(body.id, { as: null })).status).toBe(401)
  })

  test('afterwards those who see the account', async () => {
    const account = await server.makeAccount()
    const member = await server.makeUser()
    await server.addAgent(account, member)
    const { body } = await upload('secret')
    await hold(body.id, account.id)
    expect((await download(body.id, { as: member })).status).toBe(200)
    expect((await download(body.id, { as: server.admin })).status).toBe(200)
    expect((await download(body.id)).status).toBe(404)
    const asked = await server.call('GET /api/attachments/:id', { params: { id: body.id }, as: agent })
    expect(asked).toMatchObject({ status: 404, body: { code: 'GE-105' } })
  })

  test('a key needs a scope for it', async () => {
    const { body } = await upload('x', 'a.txt', { as: server.admin })
    const get = async (scopes: ('attachments' | 'contacts')[]) =>
      (await download(body.id, { as: null, headers: (await server.makeKey(server.admin, scopes)).headers }))
        .status
    expect(await get(['attachments'])).toBe(200)
    expect(await get(['contacts'])).toBe(403)
  })
})

describe('a signed link', () => {
  afterEach(() => vi.useRealTimers())
  const path = (url: string) => new URL(url).pathname + new URL(url).search

  test('opens its file without signing in, and no other', async () => {
    const [a, b] = [(await upload('a')).body.id, (await upload('b')).body.id]
    const url = path(signedUrl(ctx, a, 'of the account'))
    expect(await (await fetch(server.url + url)).text()).toBe('a')
    expect((await fetch(server.url + url.replace(`/${a}/`, `/${b}/`))).status).toBe(401)
    expect((await fetch(`${server.url}${url.slice(0, -1)}x`)).status).toBe(401)
    expect((await fetch(server.url + url.replace(/expires=\d+/, 'expires=99999999999'))).status).toBe(401)
  })

  test('is over after 24 hours', async () => {
    const { id } = (await upload('a')).body
    vi.useFakeTimers({ now: Date.now() - 24 * 3600_000 - 1000, toFake: ['Date'] })
    const old = path(signedUrl(ctx, id, 'of the account'))
    vi.setSystemTime(Date.now() + 2000)
    const nearly = path(signedUrl(ctx, id, 'of the account'))
    vi.useRealTimers()
    expect((await fetch(server.url + old)).status).toBe(401)
    expect((await fetch(server.url + nearly)).status).toBe(200)
  })
})

describe('a lifetime', () => {
  test('is told, and when it is over the bytes are gone and the download says so', async () => {
    const { body } = await upload('brief', 'a.txt', { query: '?expiresInSeconds=3600' })
    expect(Date.parse(body.expiresAt ?? '') - Date.now()).toBeGreaterThan(3_500_000)
    expect((await download(body.id)).status).toBe(200)
    await ctx.pool.query(`update attachment set expires_at = now() - interval '1 s' where id = $1`, [body.id])
    const gone = await download(body.id)
    expect([gone.status, ((await gone.json()) as { code: string }).code]).toEqual([410, 'AT-105'])
    const { path } = await attachments.findAny(ctx.db, body.id)
    expect(await stored()).toContain(join(folder, path))
    expect(await removeExpired(ctx)).toBe(1)
    expect(await stored()).not.toContain(join(folder, path))
    expect((await download(body.id)).status).toBe(410)
    expect(await removeExpired(ctx)).toBe(0)
  })

  test('must be a number of seconds', async () => {
    expect((await upload('x', 'a.txt', { query: '?expiresInSeconds=0' })).status).toBe(400)
  })
})

describe('claiming for an answer', () => {
  const { id, email, role, permissions } = agent
  const user = { id, email, role, permissions, name: '', fullname: '' }
  const caller = { user, viewer: null, via: 'session', scopes: null, keyId: null, address: '' } as const
  const claimant = ({ id }: { id: number }, limitBytes = 100) => ({
    accountId: id,
    limitBytes,
    lifetimeHours: null,
  })

  test('takes own uploads and files of the account, in the order asked for', async () => {
    const account = await server.makeAccount({ agents: [agent] })
    const ids = [(await upload('b', 'b.txt')).body.id, (await upload('a', 'a.txt')).body.id].reverse()
    const claimed = await attachments.claim(ctx.db, caller, ids, { ...claimant(account), lifetimeHours: 24 })
    expect(claimed).toEqual([
      { id: ids[0], name: 'a.txt' },
      { id: ids[1], name: 'b.txt' },
    ])
    expect(await attachments.claim(ctx.db, caller, ids, claimant(account))).toEqual(claimed)
    const { expires_at } = await attachments.findAny(ctx.db, ids[0] ?? 0)
    expect(Math.round(((expires_at?.getTime() ?? 0) - Date.now()) / 3_600_000)).toBe(24)
  })

  test('refuses another account’s file, a stranger’s upload, and what is gone', async () => {
    const account = await server.makeAccount({ agents: [agent] })
    const foreign = await server.makeAccount()
    const held = (await upload('x')).body.id
    await ctx.pool.query('update attachment set account_id = $2 where id = $1', [held, foreign.id])
    const strangers = (await upload('x', 'a.txt', { as: server.admin })).body.id
    const gone = (await upload('x')).body.id
    await ctx.pool.query(
      `update attachment set account_id = $2, expires_at = now() - interval '1 s' where id = $1`,
      [gone, account.id],
    )
    for (const [id, code] of [
      [held, 'GE-105'],
      [strangers, 'GE-105'],
      [gone, 'AT-105'],
      [999_999, 'GE-105'],
    ] as const)
      await expect(attachments.claim(ctx.db, caller, [id], claimant(account))).rejects.toMatchObject({ code })
  })

  test('refuses what is larger than the account takes, but not what one of its messages holds already', async () => {
    const account = await server.makeAccount({ agents: [agent] })
    const { id } = (await upload('12345678901', 'eleven.txt')).body
    await expect(attachments.claim(ctx.db, caller, [id], claimant(account, 10))).rejects.toMatchObject({
      code: 'AT-103',
      extra: { limitBytes: 10 },
    })
    expect(await attachments.claim(ctx.db, caller, [id], claimant(account, 11))).toHaveLength(1)
    expect(await attachments.claim(ctx.db, caller, [id], claimant(account, 10))).toHaveLength(1)
  })
})
