// Reads a program's environment into typed values and reports every problem at once.
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { inspect } from 'node:util'

/** The operator can act: the program prints the message, one clear sentence, and exits with 1, without a stack. */
export class StartError extends Error {
  override name = 'StartError'
}

export class ConfigError extends StartError {
  override name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** A value that no log, error or template can print by accident. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}

export type Env = Readonly<Record<string, string | undefined>>
export type EnvReader = ReturnType<typeof createReader>

/** Runs `read` over the environment; throws one ConfigError that lists all problems found on the way. */
export function readEnv<T>(env: Env, read: (reader: EnvReader) => T): T {
  const problems: string[] = []
  const value = read(createReader(env, problems))
  if (problems.length > 0) throw new ConfigError(problems)
  return value
}

// After a problem a reader answers its fallback: readEnv throws before anyone can use it.
function createReader(env: Env, problems: string[]) {
  const problem = (sentence: string): void => {
    problems.push(sentence)
  }

  /** An empty value counts as unset: `PORT=` is how env files leave a line out. */
  const given = (name: string): string | undefined => env[name]?.trim() || undefined

  function parsed<T, F>(
    name: string,
    fallback: F,
    parse: (value: string) => T | undefined,
    wants: string,
  ): T | F {
    const value = given(name)
    if (value === undefined) return fallback
    const result = parse(value)
    if (result !== undefined) return result
    problem(`${name} must be ${wants}, not ${JSON.stringify(value)}.`)
    return fallback
  }

  const integer = <F>(name: string, fallback: F, range: { min: number; max: number }): number | F =>
    parsed(
      name,
      fallback,
      (value) => parseInteger(value, range),
      `a whole number from ${range.min} to ${range.max}`,
    )

  return {
    problem,
    integer,
    text: <F>(name: string, fallback: F): string | F => given(name) ?? fallback,

    required(name: string, purpose: string): string {
      const value = given(name)
      if (value === undefined) problem(`${name} must be set: ${purpose}.`)
      return value ?? ''
    },

    oneOf<const O extends string>(name: string, options: readonly O[], fallback: O): O {
      return parsed(
        name,
        fallback,
        (value) => options.find((o) => o === value),
        `one of ${options.join(', ')}`,
      )
    },

    port: (name: string, fallback: number): number => integer(name, fallback, { min: 0, max: 65_535 }),

    host: (name: string, fallback: string): string =>
      parsed(name, fallback, (value) => (isHost(value) ? value : undefined), 'a host name or an IP address'),

    /** An http(s) URL without credentials, without a trailing slash. */
    url: <F>(name: string, fallback: F): string | F =>
      parsed(name, fallback, parseUrl, 'an http or https URL such as https://desk.example.com'),

    /** An absolute path; relative ones start at the working directory. */
    path: (name: string, fallback: string): string => resolve(given(name) ?? fallback),

    /** Set to the empty string is an empty list, which is not the same as unset. */
    list: <F>(name: string, fallback: F): string[] | F =>
      env[name] === undefined ? fallback : env[name].split(/[\s,]+/).filter((item) => item !== ''),

    /** Addresses and CIDRs, and the names that Fastify's `trustProxy` knows. */
    networks(name: string): string[] {
      const items = (env[name] ?? '').split(/[\s,]+/).filter((item) => item !== '')
      for (const item of items) {
        if (!isNetwork(item))
          problem(`${name} takes addresses and CIDRs such as 10.0.0.0/8, not ${JSON.stringify(item)}.`)
      }
      return items
    },

    secret: <F>(name: string, fallback: F): Secret | F => {
      const value = given(name)
      return value === undefined ? fallback : new Secret(value)
    },

    /** 32 bytes in base64: a key for `crypto.ts`. The value is never repeated in the problem. */
    key32: <F>(name: string, fallback: F): Secret | F => {
      const value = given(name)
      if (value === undefined) return fallback
      if (isKey32(value)) return new Secret(value)
      problem(`${name} must be 32 bytes in base64, as \`openssl rand -base64 32\` prints them.`)
      return fallback
    },
  }
}

export function isKey32(value: string): boolean {
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(value) && Buffer.from(value, 'base64').length === 32
}

function parseInteger(value: string, range: { min: number; max: number }): number | undefined {
  const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN
  return number >= range.min && number <= range.max ? number : undefined
}

function parseUrl(value: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    return
  return url.href.replace(/\/+$/, '')
}

function isHost(value: string): boolean {
  return value.length <= 253 && /^[A-Za-z0-9._:%-]+$/.test(value)
}

function isNetwork(item: string): boolean {
  if (/^(loopback|linklocal|uniquelocal)$/.test(item)) return true
  const [address = '', bits, ...rest] = item.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return rest.length === 0 && (bits === undefined ? most > 0 : /^\d{1,3}$/.test(bits) && Number(bits) <= most)
}

export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  return (
    name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name)
  )
}
