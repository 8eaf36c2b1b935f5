import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { beforeAll, expect, test, vi } from 'vitest'

const kib = 1024
let files: (Rolldown.OutputChunk | Rolldown.OutputAsset)[]
let chunks: Rolldown.OutputChunk[]

beforeAll(async () => {
  // Vite takes the runner's `test` for a development build.
  vi.stubEnv('NODE_ENV', 'production')
  const root = fileURLToPath(new URL('..', import.meta.url))
  const built = await build({ root, mode: 'production', logLevel: 'error', build: { write: false } })
  vi.unstubAllEnvs()
  if (!('output' in built)) throw new Error('built more or less than once')
  files = built.output
  chunks = files.filter((file) => file.type === 'chunk')
}, 60_000)

const gzipped = (text: string | Uint8Array) => gzipSync(text).length
const chunkOf = (end: string) => {
  const chunk = chunks.find(
    (one) => one.facadeModuleId?.endsWith(end) || one.moduleIds.some((id) => id.endsWith(end)),
  )
  if (!chunk) throw new Error(`${end} is in no chunk`)
  return chunk
}

/** The chunks and all that they import at once. */
function needed(start: readonly Rolldown.OutputChunk[]) {
  const seen = new Map(start.map((chunk) => [chunk.fileName, chunk]))
  for (const chunk of seen.values()) {
    for (const name of chunk.imports) {
      const next = chunks.find(({ fileName }) => fileName === name)
      if (next) seen.set(name, next)
    }
  }
  return [...seen.values()]
}

test('at most 200 KB of script come before an agent can work', () => {
  const start = ['src/main.tsx', 'src/shell/Shell.tsx', 'src/inbox/Inbox.tsx', 'locales/inbox/en.po'].map(
    chunkOf,
  )
  const bytes = needed(start).reduce((sum, { code }) => sum + gzipped(code), 0)
  expect(bytes / kib).toBeLessThanOrEqual(200)
  expect(bytes / kib).toBeGreaterThan(100)
})

test('all styles together are at most 15 KB', () => {
  const styles = files.filter((file) => file.type === 'asset' && file.fileName.endsWith('.css'))
  const bytes = styles.reduce((sum, file) => sum + (file.type === 'asset' ? gzipped(file.source) : 0), 0)
  expect(bytes / kib).toBeLessThanOrEqual(15)
  expect(bytes / kib).toBeGreaterThan(5)
})

test('the page holds no script and no style of its own, which the policy would refuse', () => {
  const page = files.find(({ fileName }) => fileName === 'index.html')
  const html = page?.type === 'asset' ? String(page.source) : ''
  expect(html).toContain('content="__CSP_NONCE__"')
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*\ssrc=)/)
})

test('the gallery of components is not in the product', () => {
  expect(chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => id.includes('/gallery/'))).toEqual([])
})

test('each language is one file, and one more for each room that few enter or that is entered later', () => {
  for (const locale of ['en', 'it']) {
    expect(
      chunks.filter(({ moduleIds }) => moduleIds.some((id) => id.endsWith(`/${locale}.po`))),
    ).toHaveLength(6)
  }
})
