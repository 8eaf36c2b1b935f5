/** The pages for readers lead nowhere into the void, and say of each word what it is once. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const git = (...args: string[]): string[] =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean)
const pages = new Map(
  git('ls-files', '*.md')
    .filter((path) => existsSync(join(root, path)))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
)

/** As the usual viewers make an anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[`*]|[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ +(.*?) *$/gm)].map(([, heading = '']) => anchorOf(heading))
}

/** `page -> link` of each link that leads nowhere in this repository. */
function deadLinks(texts: ReadonlyMap<string, string>, isThere: (path: string) => boolean): string[] {
  const dead: string[] = []
  for (const [page, text] of texts) {
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?|mailto):/.test(link)) continue
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      const other = texts.get(target)
      const isAnchor = anchor === undefined || (other !== undefined && anchorsOf(other).includes(anchor))
      if (!(other !== undefined || isThere(target)) || !isAnchor) dead.push(`${page} -> ${link}`)
    }
  }
  return dead
}

test('no page links to a page, a heading or a picture that is not there', () => {
  expect(pages.size).toBeGreaterThan(50)
  expect(deadLinks(pages, (path) => existsSync(join(root, path)))).toEqual([])
})

test('negative control: a missing page, a missing heading and a missing picture are each found', () => {
  const texts = new Map([
    [
      'docs/a.md',
      '# One\n[x](b.md) [y](#one) [z](c.md#two) [w](c.md#Three) ![p](p.png) [q](https://e.example/)',
    ],
    ['docs/c.md', '## `Two`'],
  ])
  expect(deadLinks(texts, () => false)).toEqual([
    'docs/a.md -> b.md',
    'docs/a.md -> c.md#Three',
    'docs/a.md -> p.png',
  ])
})

test('every page below docs is reached from the README', () => {
  const reached = new Set(['README.md'])
  for (const page of reached) {
    for (const [, link = ''] of (pages.get(page) ?? '').matchAll(/\]\(([^)#\s]+)/g)) {
      const target = join(dirname(page), link)
      if (pages.has(target)) reached.add(target)
    }
  }
  const below = [...pages.keys()].filter((path) => /^docs\/[^/]+\.md$/.test(path))
  expect(below.filter((path) => !reached.has(path))).toEqual([])
})

test('every word stands once', () => {
  const words = [...(pages.get('docs/words.md') ?? '').matchAll(/^\| (\*\*.*?) +\|/gm)].map(([, word = '']) =>
    word.replaceAll('*', '').toLowerCase(),
  )
  expect(words.length).toBeGreaterThan(80)
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
})

test('every folder of the server that holds a room or a cellar stands in ARCHITECTURE.md', () => {
  const architecture = pages.get('ARCHITECTURE.md') ?? ''
  const rooms = git('ls-files', 'server/src/*/*.ts').map((path) => path.split('/')[2] ?? '')
  // Two commands and what is served beside the desk are no rooms.
  const others = ['backup', 'restore', 'pages']
  const missing = [...new Set(rooms)].filter(
    (room) => !others.includes(room) && !new RegExp(`\\b${room}\\b`).test(architecture),
  )
  expect(missing).toEqual([])
})

test('the first message in the README is the first one that is run from the page for channel developers', () => {
  const [of, from] = ['README.md', 'docs/open-channel.md'].map((page) =>
    /^curl [\s\S]*?(?=^```$)/m.exec(pages.get(page) ?? '')?.[0].trim(),
  )
  expect(of).toContain('$RECEIVE_URL')
  expect(from?.startsWith(of ?? '-')).toBe(true)
})
