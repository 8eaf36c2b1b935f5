/** docs/asvs.yml leaves no requirement out, and every test that it names is there. */
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { startTestServer } from './testing.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8')

// Sections of the standard (5.0.0), each with the levels of its requirements in their order; those of level 3 are not ours to prove.
const levels = `
V1.1 22 | V1.2 1111122223 | V1.3 112222222223 | V1.4 222 | V1.5 123 | V2.1 122 | V2.2 112 | V2.3 12223 | V2.4 23
V3.1 3 | V3.2 113 | V3.3 12223 | V3.4 11222233 | V3.5 11122333 | V3.6 3 | V3.7 22333
V4.1 12233 | V4.2 23333 | V4.3 22 | V4.4 1222 | V5.1 2 | V5.2 112333 | V5.3 113 | V5.4 222
V6.1 122 | V6.2 111111112222 | V6.3 11223333 | V6.4 112233 | V6.5 22222333 | V6.6 2223 | V6.7 33 | V6.8 2222
V7.1 222 | V7.2 1111 | V7.3 22 | V7.4 11222 | V7.5 223 | V7.6 22 | V8.1 1233 | V8.2 1123 | V8.3 133 | V8.4 23
V9.1 111 | V9.2 1222 | V10.1 22 | V10.2 223 | V10.3 22223 | V10.4 1111122222233333 | V10.5 22222 | V10.6 22 | V10.7 222
V11.1 2233 | V11.2 22233 | V11.3 11233 | V11.4 1222 | V11.5 23 | V11.6 23 | V11.7 33
V12.1 12233 | V12.2 11 | V12.3 22223 | V13.1 2333 | V13.2 222223 | V13.3 2233 | V13.4 1222233
V14.1 22 | V14.2 12223333 | V14.3 122 | V15.1 12233 | V15.2 12233 | V15.3 1222222 | V15.4 3333
V16.1 2 | V16.2 22222 | V16.3 2222 | V16.4 222 | V16.5 2223 | V17.1 23 | V17.2 22223333 | V17.3 22`

const wanted: ReadonlyMap<string, number> = new Map(
  levels.split(/[|\n]/).flatMap((section) => {
    const [name = '', digits = ''] = section.trim().split(' ')
    return [...digits].map((level, index) => [`${name}.${index + 1}`, Number(level)] as [string, number])
  }),
)

interface Entry {
  level: number
  what: string
  tests?: string[]
  why?: string
}

/** One sentence for each entry that says nothing that can be believed. */
function findGaps(
  entries: Readonly<Record<string, Entry>>,
  sourceOf: (path: string) => string | undefined,
): string[] {
  const missing = [...wanted].filter(([id, level]) => level < 3 && entries[id]?.level !== level)
  return [
    ...missing.map(([id]) => `${id} is left out, or at another level`),
    ...Object.keys(entries)
      .filter((id) => !wanted.has(id))
      .map((id) => `${id} is no requirement`),
    ...Object.entries(entries).flatMap(([id, { what, tests = [], why }]) => [
      ...(what && tests.length > 0 !== (why !== undefined)
        ? []
        : [`${id} needs words, and either tests or a reason`]),
      ...(why === undefined || /^(met|partly met|not met|does not apply|by the operator)\b/.test(why)
        ? []
        : [`${id} gives a reason without saying whether it is met`]),
      ...tests
        .filter((test) => !isTest(test, sourceOf))
        .map((test) => `${id} names a test that is not there: ${test}`),
    ]),
  ]
}

function isTest(named: string, sourceOf: (path: string) => string | undefined): boolean {
  const [path = '', name = ''] = named.split(/: ([\s\S]*)/)
  const source = /\.test\.tsx?$/.test(path) ? sourceOf(path) : undefined
  if (source === undefined || name.length < 10) return false
  return ["'", '"', '`'].some((quote) =>
    source.includes(`${quote}${name.replaceAll(quote, `\\${quote}`)}${quote}`),
  )
}

const sourceOf = (path: string): string | undefined => {
  try {
    return read(path)
  } catch {
    return undefined
  }
}
const entries = parse(read('docs/asvs.yml')) as Record<string, Entry>

describe('the map of the standard', () => {
  test('holds every requirement of levels 1 and 2, each with tests that exist or a reason', () => {
    expect([1, 2].map((level) => [...wanted.values()].filter((each) => each === level).length)).toEqual([
      70, 183,
    ])
    expect(findGaps(entries, sourceOf)).toEqual([])
  })

  test('negative control: an entry left out, without a reason, or with a test that is gone is found', () => {
    const { 'V1.1.1': _, ...rest } = entries
    const broken = {
      ...rest,
      'V1.1.2': { level: 2, what: 'x', tests: ['server/src/asvs.test.ts: a test of nobody'] },
      'V1.2.1': { level: 1, what: 'x' },
      'V1.2.2': { level: 1, what: 'x', why: 'It is well.' },
      'V99.1.1': { level: 1, what: 'x', why: 'met' },
    }
    expect(findGaps(broken, sourceOf)).toEqual([
      expect.stringMatching(/^V1\.1\.1 is left out/),
      'V99.1.1 is no requirement',
      expect.stringMatching(/^V1\.1\.2 names a test that is not there/),
      expect.stringMatching(/^V1\.2\.1 needs words/),
      expect.stringMatching(/^V1\.2\.2 gives a reason without/),
    ])
  })
})

test('no weak hash is named anywhere in the product', async () => {
  const exclude = (path: string): boolean => /(^|\/)(node_modules|dist)$/.test(path)
  const named: string[] = []
  for await (const path of glob('{kit,server,protocol,web}/{src,migrations}/**/*.{ts,tsx,sql}', {
    cwd: root,
    exclude,
  }))
    if (!/\.test\.tsx?$|testing\.ts$/.test(path) && /\b(md5|sha-?1|rc4|des|ecb)\b['"`(]/i.test(read(path)))
      named.push(path)
  expect(named).toEqual([])
})

test('the desk makes neither markup nor code of text', async () => {
  const named: string[] = []
  for await (const path of glob('web/src/**/*.{ts,tsx}', { cwd: root }))
    if (
      !/\.test\.tsx?$/.test(path) &&
      /dangerouslySetInnerHTML|\b(inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(/.test(
        read(path),
      )
    )
      named.push(path)
  expect(named).toEqual([])
})

test('TRACE is refused', async () => {
  const server = await startTestServer()
  const status = await new Promise((resolve, reject) => {
    request(`${server.url}/`, { method: 'TRACE' }, (answer) => resolve(answer.statusCode))
      .on('error', reject)
      .end()
  })
  expect(status).toBe(404)
})
