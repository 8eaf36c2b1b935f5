// Files over the API: up in one part, down with ranges, seen by those who may, gone when their time is over.
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admin, type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import {
  eventually,
  makeAccount,
  makeKey,
  makeUser,
  type Problem,
  post,
  send,
  type Uploaded,
  upload,
  uploadFile,
} from './service.ts'

let program: Program
let removeFolder: () => Promise<void>
let api: Client

beforeAll(async () => {
  const folder = await dataFolder()
  removeFolder = folder.remove
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
})

afterAll(async () => {
  await program?.stop()
  await removeFolder?.()
})

const authorization = `Basic ${btoa(`${admin.email}:${admin.password}`)}`
const download = (id: number, end = '', headers: Record<string, string> = { authorization }) =>
  fetch(`${program.origin}/api/attachments/${id}/download${end}`, { headers })
async function refusal(asked: Promise<Response>): Promise<[number, string]> {
  const answer = await asked
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  return [answer.status, ((await answer.json()) as Problem).code]
}
const uploadRaw = (body: string | FormData, type?: string) =>
  fetch(`${program.origin}/api/attachments`, {
    method: 'POST',
    headers: { authorization, ...(type && { 'content-type': type }) },
    body,
  })

describe('an upload', () => {
  test('answers 201 with what is known of the file, as does its address afterwards', async () => {
    const answer = await uploadFile(
      program.origin,
      new File(['%PDF-1.7'], 'Rechnung 10 €.pdf', { type: 'text/html' }),
    )
    expect(answer.status).toBe(201)
    const file = (await answer.json()) as Uploaded
    expect(file).toEqual({
      id: expect.any(Number),
      name: 'Rechnung 10 €.pdf',
      type: 'application/pdf',
      sizeBytes: 8,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      expiresAt: null,
    })
    expect(await api.get(`/api/attachments/${file.id}`)).toEqual(file)
  })

  test('without a file, with an empty one or a name that is only a path is a clear 400', async () => {
    const form = (name: string, value: string | File) => {
      const made = new FormData()
      made.set(name, value)
      return made
    }
    expect(await refusal(uploadRaw(form('other', new File(['x'], 'x.txt'))))).toEqual([400, 'AT-101'])
    expect(await refusal(uploadRaw(new FormData()))).toEqual([400, expect.stringMatching(/^AT-101|GE-113$/)])
    expect(await refusal(uploadRaw(form('file', new File([], 'x.txt'))))).toEqual([400, 'AT-102'])
    expect(await refusal(uploadRaw(form('file', new File(['x'], '../..'))))).toEqual([400, 'AT-104'])
    expect(await refusal(uploadRaw(form('file', new File(['x'], '../'))))).toEqual([400, 'AT-104'])
    expect(await refusal(uploadRaw(form('file', 'no file')))).toEqual([400, 'AT-104'])
    const two = form('file', new File(['x'], 'a.txt'))
    two.append('file', new File(['y'], 'b.txt'))
    expect(await refusal(uploadRaw(two))).toEqual([400, 'AT-101'])
    expect(
      (await (await uploadFile(program.origin, new File(['x'], '../../etc/passwd'))).json()) as Uploaded,
    ).toMatchObject({ name: 'passwd' })
  })

  test('that is no multipart is refused without an error of ours', async () => {
    expect(await refusal(uploadRaw('{}', 'application/json'))).toEqual([415, 'GE-107'])
    expect(await refusal(uploadRaw('x', 'image/png'))).toEqual([415, 'GE-107'])
    for (const type of [
      'multipart/form-data',
      'multipart/form-data; boundary=x',
      'multipart/form-data; boundary=',
    ])
      expect(
        (
          await refusal(
            uploadRaw('--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\ncut', type),
          )
        )[0],
      ).toBe(400)
  })

  test('beyond 25 MB is 413, also in a Receive call whose account takes less', async () => {
    const large = new File([new Uint8Array(25 * 1024 * 1024 + 1)], 'large.bin')
    expect(await refusal(uploadFile(program.origin, large))).toEqual([413, 'AT-103'])
    const full = new File([new Uint8Array(25 * 1024 * 1024)], 'full.bin')
    expect((await uploadFile(program.origin, full)).status).toBe(201)
    const small = await makeAccount(api, { attachmentLimitBytes: 10 })
    const form = new FormData()
    for (const [name, value] of Object.entries({ from: '1', body: 'x', mapKey: 'phone' }))
      form.set(name, value)
    form.set('file', new File(['01234567890'], 'a.txt'))
    expect((await post(small.receiveUrl, form)).status).toBe(413)
    form.set('file', new File(['0123456789'], 'a.txt'))
    expect((await post(small.receiveUrl, form)).status).toBe(200)
  })
})

describe('a download', () => {
  test('is the bytes, with and without a slash at the end, as a file and never as a page', async () => {
    const html = '<script>alert(1)</script>'
    const id = await upload(program.origin, 'page 1 ü.html', html)
    for (const end of ['', '/', '?inline=true', '/?inline=true']) {
      const answer = await download(id, end)
      expect([end, answer.status, await answer.text()]).toEqual([end, 200, html])
      expect(answer.headers.get('content-type')).toBe('application/octet-stream')
      expect(answer.headers.get('content-disposition')).toMatch(
        /^attachment; filename="page 1 _\.html"; filename\*=UTF-8''page%201%20%C3%BC\.html$/,
      )
      expect(answer.headers.get('content-security-policy')).toContain('sandbox')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('is shown in place only for pictures, sound and film, by their bytes', async () => {
    const png =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    const picture = new File([Buffer.from(png, 'base64')], 'called.txt')
    const { id, type } = (await (await uploadFile(program.origin, picture)).json()) as Uploaded
    expect(type).toBe('image/png')
    const inline = await download(id, '?inline=true')
    expect([inline.headers.get('content-type'), inline.headers.get('content-disposition')]).toEqual([
      'image/png',
      expect.stringMatching(/^inline/),
    ])
    expect((await download(id)).headers.get('content-disposition')).toMatch(/^attachment/)
    const svg = await upload(program.origin, 'evil.png', '<svg xmlns="http://www.w3.org/2000/svg"/>')
    expect((await download(svg, '?inline=true')).headers.get('content-type')).toBe('application/octet-stream')
  })

  test('knows ranges', async () => {
    const id = await upload(program.origin, 'digits.txt', '0123456789')
    const part = async (range: string) => {
      const answer = await download(id, '', { authorization, range })
      return [
        answer.status,
        answer.headers.get('content-range'),
        answer.status < 300 ? await answer.text() : '',
      ]
    }
    expect((await download(id)).headers.get('accept-ranges')).toBe('bytes')
    expect(await part('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234'])
    expect(await part('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789'])
    expect(await part('bytes=8-')).toEqual([206, 'bytes 8-9/10', '89'])
    expect(await part('bytes=10-')).toEqual([416, 'bytes */10', ''])
    expect(await part('nonsense')).toEqual([200, null, '0123456789'])
  })

  test('needs authentication, takes a key in the query, and is 404 for strangers and for nothing', async () => {
    const id = await upload(program.origin, 'mine.txt')
    const { key } = await makeKey(api, ['attachments'])
    expect((await download(id, `?apikey=${key}`, {})).status).toBe(200)
    expect(await refusal(download(id, '', {}))).toEqual([401, 'AU-104'])
    expect(await refusal(fetch(`${program.origin}/api/attachments/${id}`))).toEqual([401, 'AU-104'])
    const { email, password } = await makeUser(api)
    const stranger = { authorization: `Basic ${btoa(`${email}:${password}`)}` }
    expect(await refusal(download(id, '', stranger))).toEqual([404, 'GE-105'])
    expect(await refusal(download(999_999))).toEqual([404, 'GE-105'])
    const { interaction } = await send((await makeAccount(api)).receiveUrl, {
      from: '1',
      body: 'x',
      mapKey: 'phone',
      AttachmentId: id,
    })
    expect(interaction.id).toBeGreaterThan(0)
    expect(await refusal(download(id, '', stranger))).toEqual([404, 'GE-105'])
    expect((await download(id)).status).toBe(200)
  })

  test('is 410 with a code once its time is over, and the metadata say since when', async () => {
    const short = await uploadFile(
      program.origin,
      new File(['x'], 'short.txt'),
      '/api/attachments?expiresInSeconds=4',
    )
    const { id, expiresAt } = (await short.json()) as Uploaded
    expect(Date.parse(expiresAt ?? '') - Date.now()).toBeLessThan(4100)
    expect((await download(id)).status).toBe(200)
    await eventually(
      async () => ((await download(id)).status === 410 ? true : undefined),
      'the end of the file',
    )
    expect(await refusal(download(id, '/'))).toEqual([410, 'AT-105'])
    expect(await api.get(`/api/attachments/${id}`)).toMatchObject({ expiresAt })
    for (const wrong of ['0', '-1', 'x', '1e9', '99999999999'])
      expect(
        (await uploadFile(program.origin, new File(['x'], 'x'), `/api/attachments?expiresInSeconds=${wrong}`))
          .status,
      ).toBe(400)
  })

  test('of an account with a lifetime of files ends that long after it was sent', async () => {
    const own = await makeAccount(api, { fileLifetimeHours: 2, replyUrl: `${program.origin}/nothing` })
    const { interaction } = await send(own.receiveUrl, { from: '1', body: 'x', mapKey: 'phone' })
    const id = await upload(program.origin, 'bill.txt')
    await api.send('POST', '/api/openchannel/messages', {
      OpenchannelInteractionId: interaction.id,
      body: '',
      AttachmentId: id,
    })
    const { expiresAt } = await api.get<Uploaded>(`/api/attachments/${id}`)
    expect((Date.parse(expiresAt ?? '') - Date.now()) / 3_600_000).toBeCloseTo(2, 1)
  })
})

test('connections that break in the middle of a file, up or down, harm nobody else', async () => {
  const large = new File([new Uint8Array(8 * 1024 * 1024)], 'large.bin')
  const { id } = (await (await uploadFile(program.origin, large)).json()) as Uploaded
  const { receiveUrl } = await makeAccount(api)
  const { pathname, search, host } = new URL(receiveUrl)
  const head = `host: ${host}\r\nauthorization: ${authorization}\r\n`
  const upwards = (path: string) =>
    `POST ${path} HTTP/1.1\r\n${head}content-type: multipart/form-data; boundary=b\r\ncontent-length: 9999\r\n\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf`
  const downwards = `GET /api/attachments/${id}/download HTTP/1.1\r\n${head}\r\n`
  for (const request of [upwards('/api/attachments'), upwards(`${pathname}${search}`), downwards])
    for (const pauseMs of [0, 5, 50])
      await new Promise<void>((resolve) => {
        const socket = connect(program.port, 'localhost', () => {
          socket.write(request)
          setTimeout(() => socket.resetAndDestroy(), pauseMs)
        })
        socket.on('error', () => {})
        socket.on('close', () => resolve())
      })
  expect((await download(id)).status).toBe(200)
  expect(program.child.exitCode).toBeNull()
  expect(program.output.stderr).not.toMatch(/"level":"(warn|error)"/)
})
