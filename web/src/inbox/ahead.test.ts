import { createMemoryHistory, type RegisteredRouter } from '@tanstack/react-router'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { goAhead, wantedHref } from './ahead.ts'

let router: RegisteredRouter
let frames: (() => void)[]

beforeEach(() => {
  frames = []
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run))
  vi.stubGlobal('cancelAnimationFrame', (frame: number) => frames.splice(frame - 1, 1, () => undefined))
  const history = createMemoryHistory({ initialEntries: ['/inbox/mine'] })
  const navigate = async ({ href }: { href: string }) => history.push(href)
  router = { history, navigate } as unknown as RegisteredRouter
})
afterEach(() => void vi.unstubAllGlobals())

const hereNow = () => router.history.location.href
const paint = () => {
  for (const frame of frames.splice(0)) frame()
}
const settled = () => expect.poll(wantedHref, { timeout: 10_000 }).toBeUndefined()

test('what is opened is shown at once, and the address follows when it has been painted', async () => {
  goAhead(router, '/inbox/mine/5')
  expect(wantedHref()).toBe('/inbox/mine/5')
  expect(hereNow()).toBe('/inbox/mine')
  paint()
  await settled()
  expect(hereNow()).toBe('/inbox/mine/5')
})

test('where no frames are made the address follows too', async () => {
  goAhead(router, '/inbox/mine/5')
  await settled()
  expect(hereNow()).toBe('/inbox/mine/5')
})

test('two that are opened within one frame are one step of the way back', async () => {
  goAhead(router, '/inbox/mine/5')
  goAhead(router, '/inbox/mine/6')
  paint()
  await settled()
  expect(hereNow()).toBe('/inbox/mine/6')
  expect(router.history.length).toBe(2)
})

test('who goes elsewhere before the address has followed stays there', async () => {
  goAhead(router, '/inbox/mine/5')
  await router.navigate({ href: '/contacts' })
  expect(wantedHref()).toBeUndefined()
  goAhead(router, '/inbox/mine/6')
  paint()
  await settled()
  expect(hereNow()).toBe('/inbox/mine/6')
  // Of the one that was given up there is no step.
  expect(router.history.length).toBe(3)
})
