/** What the cloud reads of its environment, and what it says of what it cannot use. */
import { readFileSync } from 'node:fs'
import { ConfigError } from '@patchbay/kit/config.ts'
import { namesInTable, namesReadBy } from '@patchbay/kit/config-testing.ts'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const app = {
  FACEBOOK_APP_ID: '1234567890',
  FACEBOOK_APP_SECRET: '0123456789abcdef0123456789abcdef',
  FACEBOOK_VERIFY_TOKEN: 'verify-me',
}

test('without anything it runs by itself, and connects no page', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 3001,
    publicUrl: 'http://localhost:3001',
    databaseUrl: undefined,
    facebook: undefined,
  })
})

test('an app at Meta is whole or not there', () => {
  expect(readConfig(app).facebook).toMatchObject({ appId: '1234567890', graphVersion: 'v26.0' })
  expect(problemsOf({ FACEBOOK_APP_ID: '12' })).toEqual([
    'FACEBOOK_APP_SECRET and FACEBOOK_VERIFY_TOKEN must be set beside the rest of the app (docs/facebook.md).',
  ])
})

test('every problem is named at once, and no secret is repeated', () => {
  const problems = problemsOf({
    ...app,
    FACEBOOK_APP_ID: 'my-app',
    FACEBOOK_APP_SECRET: 'not a secret of Meta',
    FACEBOOK_GRAPH_VERSION: '26',
    CLOUD_PORT: 'x',
    CLOUD_PUBLIC_URL: 'https://example.com/cloud',
    CLOUD_DATABASE_URL: 'mysql://x',
  })
  for (const name of [
    'APP_ID',
    'APP_SECRET',
    'GRAPH_VERSION',
    'CLOUD_PORT',
    'CLOUD_PUBLIC_URL',
    'DATABASE_URL',
    'SECRET_KEY',
  ])
    expect(problems.join('\n')).toContain(name)
  expect(problems.join('\n')).not.toContain('not a secret of Meta')
})

test('the address that the other programs share is overruled by its own', () => {
  expect(readConfig({ HOST: '0.0.0.0' }).host).toBe('0.0.0.0')
  expect(readConfig({ HOST: '0.0.0.0', CLOUD_HOST: '127.0.0.1' }).host).toBe('127.0.0.1')
})

test('the page for operators names every variable that it reads, and no other', () => {
  const page = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8')
  // HOST stands beside CLOUD_HOST, as its default.
  const named = [...namesInTable(page, 'The cloud'), 'HOST']
  expect(named.sort()).toEqual([...namesReadBy(readConfig)].sort())
})
