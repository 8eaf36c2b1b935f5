// @vitest-environment jsdom
/** The page of the audit log: what it says of an entry, its next page, and that there is nothing. */
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import type { CloudAuditEntry } from '@patchbay/protocol/api/cloud-audit.ts'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { Audit } from './Audit.tsx'

beforeAll(() => {
  i18n.loadAndActivate({ locale: 'en', messages: {} })
})
/** Nothing scrolls here. */
class NeverSeen {
  observe() {}
  disconnect() {}
}

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const entry = (id: number, more: Partial<CloudAuditEntry>): CloudAuditEntry => ({
  id,
  at: '2026-11-20T10:00:00.000Z',
  by: 'you',
  address: '203.0.113.7',
  action: 'changed',
  object: 'integration',
  objectId: 7,
  objectName: 'Nord Bikes',
  before: null,
  after: null,
  ...more,
})

/** `pages` by the id before which they are asked for, 0 for the first. */
function show(pages: Record<number, CloudAuditEntry[]>, search = '') {
  const asked: string[] = []
  vi.stubGlobal('IntersectionObserver', NeverSeen)
  const integrations = [{ id: 7, kind: 'facebook', page: { name: 'Nord Bikes' } }]
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address)
    const before = Number(new URL(address, 'http://x').searchParams.get('before') ?? 0)
    const rows = pages[before] ?? []
    const next =
      Object.keys(pages)
        .map(Number)
        .find((one) => one > 0 && before === 0) ?? null
    return Response.json(address.startsWith('/api/audit') ? { rows, before: next } : { rows: integrations })
  })
  const router = createRouter({
    routeTree: createRootRoute({ component: Audit }),
    history: createMemoryHistory({ initialEntries: [`/audit${search}`] }),
  })
  render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={new QueryClient()}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>,
  )
  return asked
}

test('an entry says who did what to which page, field by field in words, and of a secret only that it is new', async () => {
  show({
    0: [
      entry(2, {
        before: { state: 'connected', wall_files: false, api_key_sealed: '[secret]' },
        after: { state: 'paused', wall_files: true, api_key_sealed: '[secret]' },
      }),
      entry(1, { by: 'somebody', address: null, objectId: 8, objectName: null, action: 'deleted' }),
    ],
  })
  await screen.findByText('Integration deleted')
  const [, changed, deleted] = screen.getAllByRole('row')
  if (!changed || !deleted) throw new Error('two rows were expected')
  expect(within(changed).getByRole('link', { name: 'Nord Bikes' }).getAttribute('href')).toBe(
    '/integrations/7',
  )
  expect(changed.textContent).toContain('You203.0.113.7')
  expect(changed.textContent).toContain('Files from the wallOff→ On')
  expect(changed.textContent).toContain('StateConnected→ Paused')
  expect(changed.textContent).toContain('API keyNew; it is not shown here')
  expect(changed.textContent).not.toContain('[secret]')
  expect(deleted.textContent).toContain('Integration deleted#8Another user–')
  expect(within(deleted).queryByRole('link')).toBeNull()
})

test('older entries come when they are asked for, and an address with an integration asks for its own', async () => {
  const asked = show({ 0: [entry(9, {})], 9: [entry(3, { objectName: 'Older page' })] }, '?integration=7')
  fireEvent.click(await screen.findByRole('button', { name: 'Load more' }))
  await screen.findByText('Older page')
  expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull()
  expect(asked.filter((one) => one.startsWith('/api/audit'))).toEqual([
    '/api/audit?integrationId=7',
    '/api/audit?integrationId=7&before=9',
  ])
})

test('where nothing is written down, that is said', async () => {
  show({ 0: [] })
  await screen.findByText('Nothing is written down yet')
  expect(screen.queryByRole('table')).toBeNull()
})
