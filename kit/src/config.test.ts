// The reader of the environment finds every problem and prints no secret.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { ConfigError, type Env, isLoopbackHost, readEnv, Secret } from './config.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const read = (env: Env) =>
  readEnv(env, (reader) => ({
    port: reader.port('PORT', 3000),
    host: reader.host('HOST', '127.0.0.1'),
    url: reader.url('PUBLIC_URL', 'http://localhost:3000'),
    size: reader.integer('SIZE', undefined, { min: 1, max: 10 }),
    level: reader.oneOf('LOG_LEVEL', ['info', 'debug'], 'info'),
    allow: reader.list('ALLOW', undefined),
    key: reader.key32('SECRET_KEY', undefined),
    password: reader.secret('PASSWORD', undefined),
  }))

test('an empty environment gives the defaults', () => {
  expect(read({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    url: 'http://localhost:3000',
    size: undefined,
    level: 'info',
    allow: undefined,
    key: undefined,
    password: undefined,
  })
})

test('given values are read, trimmed and without a trailing slash', () => {
  const env = {
    PORT: ' 80 ',
    HOST: '::',
    PUBLIC_URL: 'https://desk.example.com/',
    ALLOW: 'a, b  c',
    SECRET_KEY: key,
    LOG_LEVEL: 'debug',
  }
  const config = read(env)
  expect(config).toMatchObject({
    port: 80,
    host: '::',
    url: 'https://desk.example.com',
    allow: ['a', 'b', 'c'],
    level: 'debug',
  })
  expect(config.key?.reveal()).toBe(key)
})

test('empty counts as unset, but an empty list is a list', () => {
  expect(read({ PORT: '', ALLOW: '' })).toMatchObject({ port: 3000, allow: [] })
})

test('all problems are told at once, each in a sentence that names its variable', () => {
  const env = {
    PORT: '70000',
    HOST: 'a b',
    PUBLIC_URL: 'desk',
    SIZE: '1.5',
    LOG_LEVEL: 'loud',
    SECRET_KEY: 'short-and-secret',
  }
  const error = (() => {
    try {
      read(env)
    } catch (thrown) {
      return thrown as ConfigError
    }
    throw new Error('nothing was refused')
  })()
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.problems.map((problem) => problem.split(' ')[0])).toEqual([
    'PORT',
    'HOST',
    'PUBLIC_URL',
    'SIZE',
    'LOG_LEVEL',
    'SECRET_KEY',
  ])
  expect(error.message).not.toContain('short-and-secret')
})

test.each(['ftp://example.com', 'https://user:pass@example.com', 'https://example.com/?a=b', 'https://'])(
  '%s is no public URL',
  (url) => {
    expect(() => read({ PUBLIC_URL: url })).toThrow(/PUBLIC_URL must be/)
  },
)

test('a secret cannot be printed by accident', () => {
  const secret = new Secret('hunter2')
  const printed = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 5, showHidden: true }),
  ].join()
  expect(printed).not.toContain('hunter2')
  expect(secret.reveal()).toBe('hunter2')
})

test('trusted networks are checked one by one', () => {
  const networks = (value: string) => readEnv({ PROXIES: value }, (reader) => reader.networks('PROXIES'))
  expect(networks('10.0.0.0/8, 127.0.0.1 ::1/128 fd00::/8,loopback')).toHaveLength(5)
  for (const wrong of ['10.0.0.0/33', '10.0.0', 'proxy.example', '::1/129', '1.2.3.4/8/8']) {
    expect(() => networks(wrong)).toThrow(
      `PROXIES takes addresses and CIDRs such as 10.0.0.0/8, not "${wrong}".`,
    )
  }
})

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['[::1]', true],
  ['::1', true],
  ['desk.localhost', true],
  ['0.0.0.0', false],
  ['127.0.0.1.example.com', false],
  ['example.com', false],
])('loopback: %s is %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected)
})
