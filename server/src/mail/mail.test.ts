/** Mails as a server receives them, and as they lie in a file where there is none. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Secret } from '@patchbay/kit/config.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { writeMail } from '@patchbay/kit/letter.ts'
import { queueMail } from '@patchbay/kit/mail.ts'
import { mustEncrypt } from '@patchbay/kit/post.ts'
import { sql } from 'kysely'
import { SMTPServer } from 'smtp-server'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { startTestServer } from '../testing.ts'

const soon = { timeout: 20_000, interval: 20 }
const mail = { to: 'giulia@example.com', subject: 'Perché no?', text: 'Grüße\n' }

describe('with a mail server', async () => {
  const received: { to: string; user: string | undefined; source: string }[] = []
  let refusals = 1
  let asked = 0
  const smtp = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      password === 'hunter2' ? done(null, { user: username }) : done(new Error('no')),
    onRcptTo({ address }, _session, done) {
      if (address !== 'gone@example.com') return done()
      asked++
      done(Object.assign(new Error('no such user'), { responseCode: 550 }))
    },
    onData(stream, session, done) {
      let source = ''
      stream.on('data', (chunk) => {
        source += chunk
      })
      stream.on('end', () => {
        if (refusals-- > 0) return done(Object.assign(new Error('come back later'), { responseCode: 451 }))
        received.push({
          to: session.envelope.rcptTo.map(({ address }) => address).join(),
          user: session.user,
          source,
        })
        done()
      })
    },
  })
  await new Promise<void>((listening) => smtp.listen(0, '127.0.0.1', listening))
  afterAll(() => new Promise<void>((closed) => smtp.close(closed)))
  const { port } = smtp.server.address() as { port: number }
  const { ctx } = await startTestServer({
    smtpUrl: new Secret(`smtp://desk:hunter2@127.0.0.1:${port}`),
    logLevel: 'silent',
    mailFrom: 'Patchbay <desk@example.com>',
  })

  test('a mail that the server refused for now is sent again, as whom and to whom it should be', async () => {
    await transaction(ctx.db, (tx) => queueMail(tx, mail))
    await vi.waitFor(() => expect(refusals).toBe(0), soon)
    await vi.waitFor(async () => {
      await sql`update graphile_worker._private_jobs set run_at = now()`.execute(ctx.db)
      expect(received).toHaveLength(1)
    }, soon)
    expect(received[0]).toMatchObject({ to: 'giulia@example.com', user: 'desk' })
    expect(received[0]?.source).toMatch(/^From: Patchbay <desk@example\.com>\r$/m)
    expect(received[0]?.source).toMatch(/^Auto-Submitted: auto-generated\r$/m)
  })

  test('a mail to somebody whom the server does not know is given up at once', async () => {
    await transaction(ctx.db, (tx) => queueMail(tx, { ...mail, to: 'gone@example.com' }))
    await vi.waitFor(async () => {
      expect(asked).toBe(1)
      const { rows } =
        await sql`select from graphile_worker.jobs where task_identifier = 'send-mail'`.execute(ctx.db)
      expect(rows).toEqual([])
    }, soon)
  })
})

describe('without a mail server', async () => {
  const { ctx } = await startTestServer()
  const folder = join(ctx.config.dataDir, 'mail')

  test('a mail lies in a file that its owner alone may read', async () => {
    await transaction(ctx.db, (tx) => queueMail(tx, mail))
    const name = await vi.waitFor(async () => {
      const [first] = (await readdir(folder)).filter((file) => file.endsWith('.eml'))
      expect(first).toBeDefined()
      return first ?? ''
    }, soon)
    const file = join(folder, name)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const source = await readFile(file, 'utf8')
    expect(source).toMatch(/^To: giulia@example\.com\r$/m)
    expect(source).toMatch(/^From: Patchbay <patchbay@localhost>\r$/m)
  })
})

test('a letter is text and HTML with the same words and the same link, and what people typed stays text', () => {
  const url = 'https://desk.example.com/x?code=1&b=2'
  const { text, html } = writeMail('a@example.com', {
    subject: 'Hello',
    paragraphs: ['Hello <b>Giulia</b>,', 'good bye'],
    link: { label: 'Open', url },
  })
  expect(text).toBe(`Hello <b>Giulia</b>,\n\nOpen:\n${url}\n\ngood bye\n`)
  expect(html).toContain('Hello &#60;b&#62;Giulia&#60;/b&#62;,')
  expect(html).toContain('href="https://desk.example.com/x?code=1&#38;b=2"')
})

test.each([
  ['smtp://desk:hunter2@mail.example.com', true],
  ['smtp://desk:hunter2@10.0.0.5:587', true],
  ['smtp://desk:hunter2@127.0.0.1:25', false],
  ['smtp://mail.example.com', false],
])('a password goes over a network encrypted or not at all: %s', (url, expected) => {
  expect(mustEncrypt(url)).toBe(expected)
})
