// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest'
import { type Draft, draftStep, isOpen, setDraft, steps } from './draft.ts'

const page = { id: '101', name: 'Nord Bikes', canWall: true, kind: 'facebook' as const }
const target = { receiveUrl: 'https://desk.example/api/openchannel/accounts/1/notify?token=t', apiKey: 'k' }
const open = (draft: Draft, isLoggedIn = true) => steps.filter((step) => isOpen(step, draft, { isLoggedIn }))

beforeEach(() => sessionStorage.clear())

test.each([
  ['nobody is logged in at Facebook', {}, false, ['facebook']],
  ['nobody is logged in any more, whatever was chosen', { page, target }, false, ['facebook']],
  ['somebody is logged in', {}, true, ['facebook', 'page']],
  ['a page is chosen', { page }, true, ['facebook', 'page', 'target']],
  ['the contact centre is known', { page, target }, true, ['facebook', 'page', 'target', 'options']],
])('one can go no further than what is there allows: %s', (_, draft, isLoggedIn, expected) => {
  expect(open(draft, isLoggedIn)).toEqual(expected)
})

test('what was begun is taken up at the step that comes next', () => {
  expect(draftStep({})).toBeUndefined()
  expect(draftStep({ page })).toBe('target')
  expect(draftStep({ page, target })).toBe('options')
})

test('the page outlives a reload, the key and the token of the address do not', async () => {
  const options = {
    messenger: true,
    wallPosts: false,
    commentDepth: 1,
    wallFiles: false,
    language: 'it' as const,
  }
  setDraft({ page, target, options })
  const stored = JSON.stringify({ ...sessionStorage })
  expect(stored).toContain('Nord Bikes')
  expect(stored).not.toContain('token=t')
  expect(stored).not.toContain('apiKey')
  vi.resetModules()
  const { renderHook } = await import('@testing-library/react')
  const again = await import('./draft.ts')
  expect(renderHook(() => again.useDraft()).result.current).toEqual({ page, options })
})

test('what is done leaves nothing behind', () => {
  setDraft({ page })
  setDraft({})
  expect(sessionStorage).toHaveLength(0)
})
