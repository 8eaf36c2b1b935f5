import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { beforeAll, describe, expect, test, vi } from 'vitest'

const kib = 1024
const gzipped = (text: string | Uint8Array) => gzipSync(text).length

interface Built {
  files: (Rolldown.OutputChunk | Rolldown.OutputAsset)[]
  chunks: Rolldown.OutputChunk[]
}

async function buildIn(folder: string): Promise<Built> {
  // Vite takes the runner's `test` for a development build.
  vi.stubEnv('NODE_ENV', 'production')
  const root = fileURLToPath(new URL(folder, import.meta.url))
  const built = await build({ root, mode: 'production', logLevel: 'error', build: { write: false } })
  vi.unstubAllEnvs()
  if (!('output' in built)) throw new Error('built more or less than once')
  return { files: built.output, chunks: built.output.filter((file) => file.type === 'chunk') }
}

/** Of the chunks with these modules and all that they import at once, in kibibytes as they are sent. */
function scriptSize({ chunks }: Built, modules: readonly string[]): number {
  const start = modules.map((end) => {
    const chunk = chunks.find(
      (one) => one.facadeModuleId?.endsWith(end) || one.moduleIds.some((id) => id.endsWith(end)),
    )
    if (!chunk) throw new Error(`${end} is in no chunk`)
    return chunk
  })
  const seen = new Map(start.map((chunk) => [chunk.fileName, chunk]))
  for (const chunk of seen.values()) {
    for (const name of chunk.imports) {
      const next = chunks.find(({ fileName }) => fileName === name)
      if (next) seen.set(name, next)
    }
  }
  return [...seen.values()].reduce((sum, { code }) => sum + gzipped(code), 0) / kib
}

function styleSize({ files }: Built): number {
  const styles = files.filter((file) => file.type === 'asset' && file.fileName.endsWith('.css'))
  return styles.reduce((sum, file) => sum + (file.type === 'asset' ? gzipped(file.source) : 0), 0) / kib
}

function pageOf({ files }: Built): string {
  const page = files.find(({ fileName }) => fileName === 'index.html')
  return page?.type === 'asset' ? String(page.source) : ''
}

const modulesOf = ({ chunks }: Built) => chunks.flatMap(({ moduleIds }) => moduleIds)

const wordFiles = ({ chunks }: Built, locale: string) =>
  chunks.filter(({ moduleIds }) => moduleIds.some((id) => id.endsWith(`/${locale}.po`)))

describe('the desk', () => {
  let desk: Built
  beforeAll(async () => {
    desk = await buildIn('..')
  }, 120_000)

  test('at most 200 KB of script come before an agent can work', () => {
    const start = ['src/main.tsx', 'src/shell/Shell.tsx', 'src/inbox/Inbox.tsx', 'locales/inbox/en.po']
    const size = scriptSize(desk, start)
    expect(size).toBeLessThanOrEqual(200)
    expect(size).toBeGreaterThan(100)
  })

  test('all styles together are at most 15 KB', () => {
    expect(styleSize(desk)).toBeLessThanOrEqual(15)
    expect(styleSize(desk)).toBeGreaterThan(5)
  })

  test('the page holds no script and no style of its own, which the policy would refuse', () => {
    expect(pageOf(desk)).toContain('content="__CSP_NONCE__"')
    expect(pageOf(desk)).not.toMatch(/<style|style=|<script(?![^>]*\ssrc=)/)
  })

  test('neither the gallery of components nor a page of the cloud is in the product', () => {
    expect(modulesOf(desk).filter((id) => /\/src\/(gallery|cloud)\//.test(id))).toEqual([])
  })

  test('each language is one file, and one more for each room that few enter or that is entered later', () => {
    for (const locale of ['en', 'it']) expect(wordFiles(desk, locale)).toHaveLength(6)
  })
})

describe('the pages of the cloud', () => {
  let cloud: Built
  beforeAll(async () => {
    cloud = await buildIn('../cloud')
  }, 120_000)

  test('at most 160 KB of script come before one sees what is connected', () => {
    const start = ['cloud/main.tsx', 'cloud/Frame.tsx', 'cloud/home/Home.tsx', 'cloud/locales/home/en.po']
    const size = scriptSize(cloud, start)
    expect(size).toBeLessThanOrEqual(160)
    expect(size).toBeGreaterThan(80)
  })

  test('all styles together are at most 13 KB', () => {
    expect(styleSize(cloud)).toBeLessThanOrEqual(13)
    expect(styleSize(cloud)).toBeGreaterThan(5)
  })

  test('the page holds no script and no style of its own, which the policy would refuse', () => {
    expect(pageOf(cloud)).toContain('content="__CSP_NONCE__"')
    expect(pageOf(cloud)).not.toMatch(/<style|style=|<script(?![^>]*\ssrc=)/)
  })

  test('nothing of an agent’s work comes with them', () => {
    expect(modulesOf(cloud).filter((id) => /\/src\/(inbox|live|shell\/Shell)/.test(id))).toEqual([])
  })

  test('each language is one file, and one more for each room that is entered later', () => {
    for (const locale of ['en', 'it']) expect(wordFiles(cloud, locale)).toHaveLength(6)
  })
})
