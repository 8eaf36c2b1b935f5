/** Calls made of the API's own document: mostly as it describes them, in places as nobody should write them. */
import fc from 'fast-check'

export interface Operation {
  method: string
  path: string
  parameters: { name: string; in: string; schema: Schema }[]
  body: Schema | undefined
}

export interface Call {
  method: string
  path: string
  contentType: string
  body: string | undefined
}

type Schema = Readonly<Record<string, unknown>>
type Json = Record<string, unknown>

export function operationsOf(document: Json): Operation[] {
  const paths = document.paths as Record<string, Record<string, Json>>
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const content = (operation.requestBody as { content?: Record<string, { schema: Schema }> } | undefined)
        ?.content
      return {
        method: method.toUpperCase(),
        path,
        parameters: (operation.parameters ?? []) as Operation['parameters'],
        body: content?.['application/json']?.schema,
      }
    }),
  )
}

// What JSON.stringify cannot write stands in its text between these until the call is made.
const raw = (text: string): string => `<raw>${text}</raw>`
const rawText = /"<raw>(.*?)<\/raw>"/g

const nasty = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  -0,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 31,
  raw('1e400000'),
  raw('-1e400000'),
  raw('99999999999999999999999'),
  raw('"\\ud800"'),
  raw('"\\u0000"'),
  raw('{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}}}'),
  raw('['.repeat(31) + ']'.repeat(31)),
  '',
  ' ',
  'a\0b',
  '\ud800x',
  "'; drop table message; --",
  '%s%n\\',
  '__proto__',
  'constructor',
  'toString',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  '0000-01-01T00:00:00Z',
  'é'.repeat(30_000),
  '\u202e\u2066',
  [],
  [[]],
  [null],
  {},
  { length: 1e9 },
  { $gte: {} },
  { toString: 1, valueOf: 1 },
)
const hostile = fc.oneof(
  nasty,
  fc.jsonValue({ noUnicodeString: false }),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

// Nothing leaves this machine, whatever the call.
const address = fc.constantFrom(
  '',
  'http://127.0.0.1:9/',
  'http://127.0.0.1:9/?a=\0',
  'http://[::1',
  'javascript:1',
  'x',
)
const someId = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 1, arbitrary: fc.maxSafeNat() },
)

export function callOf(
  document: Json,
  operations: readonly Operation[],
  token: () => string,
): fc.Arbitrary<Call> {
  const schemas = (document.components as { schemas: Record<string, Schema> }).schemas
  const made = new Map<unknown, fc.Arbitrary<unknown>>()
  const anyOf = (schema: Schema, name: string): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 12, arbitrary: fitting(schema, name) }, { weight: 1, arbitrary: hostile })

  function fitting(schema: Schema, name: string): fc.Arbitrary<unknown> {
    if (/url$/i.test(name) && JSON.stringify(schema).includes('"string"')) return address
    const reference = /^#\/components\/schemas\/(\w+)$/.exec(String(schema.$ref))?.[1]
    if (reference) return fitting(schemas[reference] ?? {}, name)
    if ('const' in schema) return fc.constant(schema.const)
    if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum)
    const choices = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined
    if (choices) return fc.oneof(...choices.map((choice) => fitting(choice, name)))
    if (Array.isArray(schema.type))
      return fc.oneof(...schema.type.map((type: string) => fitting({ ...schema, type }, name)))
    const known = made.get(schema) ?? byType(schema, name)
    made.set(schema, known)
    return known
  }

  function byType(schema: Schema, name: string): fc.Arbitrary<unknown> {
    const [min, max] = [Number(schema.minimum ?? -1000), Number(schema.maximum ?? 1e9)]
    switch (schema.type) {
      case 'object':
        return objectOf(schema)
      case 'array':
        return fc.array(anyOf((schema.items ?? {}) as Schema, name), { maxLength: 4 })
      case 'integer':
        return /(^|[a-z])ids?$/i.test(name)
          ? someId
          : fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max: Math.min(max, 2 ** 40) }))
      case 'number':
        return fc.double({ noNaN: true })
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
      case 'string':
        return text(schema, name)
      default:
        return hostile
    }
  }

  function text(schema: Schema, name: string): fc.Arbitrary<unknown> {
    if (schema.format === 'date-time')
      return fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
    if (/email/i.test(name)) return fc.nat({ max: 99 }).map((n) => `user${n}@example.com`)
    if (/^mapKey$/.test(name))
      return fc.constantFrom('phone', 'facebook', 'tags', 'cf_1', 'cf_999', '__proto__')
    if (/token/.test(name)) return fc.constant(token())
    const minLength = Number(schema.minLength ?? 0)
    const maxLength = Math.min(Number(schema.maxLength ?? 100), 100)
    return fc.oneof(
      fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, maxLength) }),
      fc.constantFrom('x'.repeat(Math.max(1, minLength)), 'x'.repeat(Number(schema.maxLength ?? 1000))),
    )
  }

  function objectOf(schema: Schema): fc.Arbitrary<unknown> {
    const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>)
    const required = new Set(schema.required as string[] | undefined)
    const members = properties.map(([name, property]) => {
      const value = anyOf(property, name)
      return fc
        .option(value, { nil: undefined, freq: required.has(name) ? 30 : 1 })
        .map((given) => [name, given] as const)
    })
    const strange = fc.option(
      fc.tuple(fc.constantFrom('__proto__', 'constructor', 'cf_1', 'x'.repeat(300), 'a\0'), hostile),
      { freq: 8 },
    )
    return fc
      .tuple(strange, ...members)
      .map(([odd, ...known]) =>
        Object.fromEntries([...known.filter(([, value]) => value !== undefined), ...(odd ? [odd] : [])]),
      )
  }

  const calls = operations.map(({ method, path, parameters, body }) => {
    const query = parameters.filter((parameter) => parameter.in === 'query')
    const asked = fc.tuple(
      ...query.map(({ name, schema }) =>
        fc.option(anyOf(schema, name), { nil: undefined, freq: /token/.test(name) ? 20 : 1 }),
      ),
    )
    const ids = fc.array(fc.oneof({ weight: 15, arbitrary: someId }, { weight: 1, arbitrary: hostile }), {
      minLength: 2,
      maxLength: 2,
    })
    const whole = fc.constantFrom(
      '',
      '{',
      'null',
      '[]',
      '1e400000',
      '"\\ud800"',
      `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
    )
    const content = body
      ? fc.oneof({ weight: 20, arbitrary: anyOf(body, '').map(write) }, { weight: 1, arbitrary: whole })
      : fc.constantFrom(undefined, undefined, '{}')
    const type = fc.oneof(
      { weight: 20, arbitrary: fc.constant('application/json') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'text/plain',
          'application/x-www-form-urlencoded',
          'multipart/form-data',
          'multipart/form-data; boundary=x',
          'application/xml',
          'application/json; charset=x',
          '',
        ),
      },
    )
    return fc.tuple(ids, asked, content, type).map(([[id, second], values, sent, contentType]) => {
      const filled = path.replace(/\{\w+\}/, part(id)).replace(/\{\w+\}/, part(second))
      const pairs = query.flatMap(({ name }, index) =>
        values[index] === undefined ? [] : [`${encodeURIComponent(name)}=${part(values[index])}`],
      )
      return {
        method,
        path: `${filled}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`.slice(0, 9000),
        contentType,
        body: method === 'GET' ? undefined : sent,
      }
    })
  })
  return fc.oneof(...calls)
}

const write = (value: unknown): string =>
  JSON.stringify(value).replace(rawText, (_, text: string) => JSON.parse(`"${text}"`))

function part(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return encodeURIComponent(text.toWellFormed().slice(0, 2000).replace(/^\.+$/, 'x').toWellFormed()) || '%20'
}
