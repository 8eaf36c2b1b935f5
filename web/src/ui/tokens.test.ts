import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const source = new URL('../', import.meta.url)
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:css|tsx?)$/.test(name) && !name.endsWith('.test.ts'))
  .map((name) => ({ name, text: readFileSync(new URL(name, source), 'utf8') }))
const tokens = readFileSync(new URL('tokens.css', import.meta.url), 'utf8')

type Theme = 'light' | 'dark'

function colour(token: string, theme: Theme): string {
  const declared = new RegExp(
    `^ {2}--${token}: (?:light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)|(#[0-9a-f]{6}));`,
    'm',
  ).exec(tokens)
  const value = declared?.[3] ?? (theme === 'light' ? declared?.[1] : declared?.[2])
  if (!value) throw new Error(`--${token} is no plain colour`)
  return value
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string) {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const text = 4.5
const shape = 3
const pairs: [foreground: string, background: string, atLeast: number][] = [
  ...['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected'].flatMap(
    (ground): [string, string, number][] => [
      ['text', ground, text],
      ['text-2', ground, text],
      ['text-3', ground, text],
    ],
  ),
  ['accent-text', 'surface', text],
  ['accent-text', 'canvas', text],
  ['accent-text', 'raised', text],
  ['accent-text', 'selected', text],
  ['accent-soft-text', 'accent-soft', text],
  ['on-accent', 'accent', text],
  ['on-accent', 'accent-hover', text],
  ['on-warn', 'warn', text],
  ['on-bad', 'bad', text],
  ...['ok', 'warn', 'bad', 'info'].flatMap((tone): [string, string, number][] => [
    [`${tone}-text`, `${tone}-soft`, text],
    [`${tone}-text`, 'surface', text],
  ]),
  ['note-text', 'note', text],
  ['bubble-in-text', 'bubble-in', text],
  ['bubble-out-text', 'bubble-out', text],
  ['code-text', 'code', text],
  ['code-comment', 'code', text],
  ['code-string', 'code', text],
  ['code-word', 'code', text],
  ['border-strong', 'surface', shape],
  ['focus', 'surface', shape],
  ['focus', 'canvas', shape],
  ['accent', 'surface', shape],
  ['ok', 'surface', shape],
  ['bad', 'surface', shape],
  ['info', 'surface', shape],
  ...[1, 2, 3, 4, 5, 6].map((series): [string, string, number] => [`chart-${series}`, 'surface', shape]),
]

test.each(['light', 'dark'] as const)('every pair of colours can be told apart in the %s theme', (theme) => {
  const faults = pairs
    .map(([foreground, background, atLeast]) => ({
      foreground,
      background,
      atLeast,
      is: contrast(colour(foreground, theme), colour(background, theme)),
    }))
    .filter(({ is, atLeast }) => is < atLeast)
    .map(({ foreground, background, is }) => `${foreground} on ${background}: ${is.toFixed(2)}`)
  expect(faults).toEqual([])
})

test('the measure of contrast is the one of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

/** Custom properties that a text reads: `var(--x)`, and Tailwind's `h-(--x)`. */
function read(content: string) {
  return [...content.matchAll(/(?:var|-)\(\s*(--[\w-]+)/g)].flatMap((match) => match[1] ?? [])
}

function declared(content: string) {
  return [...content.matchAll(/(--[\w-]+)['"]?\s*:/g)].flatMap((match) => match[1] ?? [])
}

/** Set on the element by the kit. */
const ofTheKit = ['--tree-item-level', '--trigger-width', '--visual-viewport-height']

function undefinedIn(all: readonly { name: string; text: string }[]) {
  const known = new Set([...all.flatMap((file) => declared(file.text)), ...ofTheKit])
  return all.flatMap((file) =>
    read(file.text)
      .filter((name) => !known.has(name))
      .map((name) => `${file.name}: ${name}`),
  )
}

test('every custom property that is read is defined', () => {
  expect(files.length).toBeGreaterThan(40)
  expect(undefinedIn(files)).toEqual([])
})

test('a mistyped custom property is found', () => {
  const wrong = {
    name: 'wrong.css',
    text: 'a { color: var(--text2); } b { height: 1px } i { @apply h-(--controls) }',
  }
  expect(undefinedIn([...files, wrong])).toEqual(['wrong.css: --text2', 'wrong.css: --controls'])
})

test('no colour is written outside the tokens', () => {
  const allowed = /ui\/(?:tokens|base|overlay)\.css$|gallery\//
  const strays = files
    .filter(({ name }) => !allowed.test(name))
    .flatMap(({ name, text }) =>
      [...text.matchAll(/(?<![\w&])#[0-9a-f]{3,8}\b(?=[;'", )])/gi)].map(([hex]) => `${name}: ${hex}`),
    )
  expect(strays).toEqual([])
})

test('nothing outside the components imports the kit', () => {
  const strays = files
    .filter(({ name, text }) => !name.startsWith('ui/') && /from 'react-aria/.test(text))
    .map(({ name }) => name)
  expect(strays).toEqual([])
})
