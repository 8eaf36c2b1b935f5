/** Carries a mail out of the house: to the operator's SMTP server, or without one into a file that says what would have been sent. */
import { randomBytes } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { type EnvReader, isLoopbackHost, type Secret } from './config.ts'
import type { Mail } from './letter.ts'
import type { Log } from './log.ts'

export interface Post {
  /** Resolves when the server took it over, or the file is written. */
  send(mail: Mail, stopping: AbortSignal): Promise<void>
}

const SILENCE_MS = 20_000

export interface MailConfig {
  /** undefined: mails are written to `dataDir`/mail. */
  smtpUrl: Secret | undefined
  mailFrom: string | undefined
}

export interface PostOffice {
  config: MailConfig & { publicUrl: string; dataDir: string }
  log: Log
}

export function readMailConfig(read: EnvReader): MailConfig {
  const smtpUrl = read.secret('SMTP_URL', undefined)
  const isSmtp =
    smtpUrl && URL.canParse(smtpUrl.reveal()) && /^smtps?:$/.test(new URL(smtpUrl.reveal()).protocol)
  if (smtpUrl && !(isSmtp && new URL(smtpUrl.reveal()).hostname))
    read.problem('SMTP_URL must be a URL such as smtps://user:password@mail.example.com.')
  const mailFrom = read.text('MAIL_FROM', undefined)
  if (mailFrom && !/^[^@<>\r\n]*<[^@\s<>]+@[^@\s<>]+>$|^[^@\s<>]+@[^@\s<>]+$/.test(mailFrom))
    read.problem(
      `MAIL_FROM must be an e-mail address, or a name and one in <>, not ${JSON.stringify(mailFrom)}.`,
    )
  return { smtpUrl, mailFrom }
}

export function openPost({ config, log }: PostOffice): Post {
  const compose = (mail: Mail) => ({
    from: senderOf(config),
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    ...(mail.html !== undefined && { html: mail.html }),
    // No out-of-office notice answers it.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })

  const { smtpUrl } = config
  if (smtpUrl) {
    const url = smtpUrl.reveal()
    return {
      async send(mail, stopping) {
        const transport = createTransport({ url, ...limits, requireTLS: mustEncrypt(url) })
        const hangUp = (): void => transport.close()
        stopping.addEventListener('abort', hangUp, { once: true })
        try {
          await transport.sendMail(compose(mail))
        } catch (error) {
          if (!isFinal(error)) throw error
          log.error({ err: error }, 'the mail server does not know the recipient: the mail is given up')
        } finally {
          stopping.removeEventListener('abort', hangUp)
          transport.close()
        }
      },
    }
  }
  const folder = join(config.dataDir, 'mail')
  const writer = createTransport({ streamTransport: true, buffer: true })
  return {
    async send(mail) {
      const { message } = await writer.sendMail(compose(mail))
      if (!Buffer.isBuffer(message)) throw new TypeError('the mail was not composed in memory')
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const name = `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${randomBytes(3).toString('hex')}.eml`
      const file = join(folder, name)
      await writeFile(`${file}.new`, message, { mode: 0o600 })
      await rename(`${file}.new`, file)
      log.info({ file }, 'SMTP_URL is not set: the mail lies in this file')
    },
  }
}

// The server's word on the recipient; trying again would only make it think worse of us.
function isFinal(error: unknown): boolean {
  const { code, responseCode } = error as { code?: string; responseCode?: number }
  return code === 'EENVELOPE' && responseCode !== undefined && responseCode >= 550 && responseCode < 560
}

const limits = { connectionTimeout: SILENCE_MS, greetingTimeout: SILENCE_MS, socketTimeout: SILENCE_MS }

function senderOf({ mailFrom, publicUrl }: PostOffice['config']): string {
  return mailFrom ?? `Patchbay <patchbay@${new URL(publicUrl).hostname}>`
}

// A password must not go over a network in the clear, whatever somebody in between takes out of the greeting.
export function mustEncrypt(url: string): boolean {
  const { username, hostname } = new URL(url)
  return username !== '' && !isLoopbackHost(hostname)
}
