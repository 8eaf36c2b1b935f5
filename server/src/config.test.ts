/** What the environment means. */
import { ConfigError } from '@patchbay/kit/config.ts'
import { isAllowedAddress } from '@patchbay/kit/outbound-policy.ts'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

test('an empty environment is a contact centre on this machine alone', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    publicUrl: 'http://localhost:3000',
    databaseUrl: undefined,
    admin: undefined,
    trustedProxies: [],
    attachmentLimitBytes: 26_214_400,
    logLevel: 'info',
  })
})

test('files lie below DATA_DIR', () => {
  expect(readConfig({ DATA_DIR: '/srv/patchbay' })).toMatchObject({
    dataDir: '/srv/patchbay',
    attachmentsDir: '/srv/patchbay/attachments',
  })
})

test('every problem is listed at once, and no secret is repeated', () => {
  const problems = problemsOf({
    PORT: 'eighty',
    PUBLIC_URL: 'https://example.com/desk',
    DATABASE_URL: 'mysql://root:hunter2@db/patchbay',
    SECRET_KEY: 'too-short-secret',
    ADMIN_EMAIL: 'nobody',
    ADMIN_PASSWORD: 'short',
    ATTACHMENT_LIMIT_BYTES: '25 MB',
    TRUSTED_PROXIES: '10.0.0.0/8 10.0.0.0/99',
    OUTBOUND_ALLOW: 'http://example.com',
    LOG_LEVEL: 'loud',
  })
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
    'PORT',
    'SECRET_KEY',
    'PUBLIC_URL',
    'DATABASE_URL',
    'ATTACHMENT_LIMIT_BYTES',
    'ADMIN_EMAIL',
    'ADMIN_PASSWORD',
    'TRUSTED_PROXIES',
    'OUTBOUND_ALLOW',
    'LOG_LEVEL',
  ])
  expect(problems.join()).not.toMatch(/hunter2|too-short-secret/)
})

test('a database of the operator needs a key of the operator', () => {
  expect(problemsOf({ DATABASE_URL: 'postgresql://db/patchbay' })).toEqual([
    expect.stringContaining('SECRET_KEY'),
  ])
})

test.each([
  { env: {}, opens: true, what: 'both on loopback' },
  { env: { HOST: '0.0.0.0' }, opens: false, what: 'reachable from outside' },
  { env: { PUBLIC_URL: 'https://desk.example.com' }, opens: false, what: 'behind a proxy' },
  { env: { OUTBOUND_ALLOW: '' }, opens: false, what: 'set to nothing' },
  { env: { HOST: '0.0.0.0', OUTBOUND_ALLOW: '127.0.0.0/8' }, opens: true, what: 'opened by the operator' },
])('loopback may be called: $opens when $what', ({ env, opens }) => {
  expect(isAllowedAddress(readConfig(env).outboundAllow, '127.0.0.1')).toBe(opens)
})

test('a mail server and a sender that cannot be are problems, and the password is not repeated', () => {
  const problems = problemsOf({ SMTP_URL: 'http://user:hunter2@mail.example.com', MAIL_FROM: 'Patchbay' })
  expect(problems).toHaveLength(2)
  expect(problems.join()).not.toContain('hunter2')
  expect(
    readConfig({ SMTP_URL: 'smtps://u:p@mail.example.com', MAIL_FROM: 'Patchbay <desk@example.com>' }),
  ).toMatchObject({ mailFrom: 'Patchbay <desk@example.com>' })
})
