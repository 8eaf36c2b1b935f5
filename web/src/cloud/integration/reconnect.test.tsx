// @vitest-environment jsdom
/** Reconnecting: by itself where the login at Facebook is good, else by way of the dialog, and never there in a circle. */
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { addProblems } from '../../api/useProblem.ts'
import { toFacebook } from '../connect/to-facebook.ts'
import { problems } from '../problems.ts'
import { pendingReconnect, setPendingReconnect } from './pending-reconnect.ts'
import { ReconnectButton } from './ReconnectButton.tsx'

vi.mock('../connect/to-facebook.ts', () => ({ toFacebook: vi.fn() }))
const fetched = vi.fn<typeof fetch>()

beforeAll(() => {
  i18n.loadAndActivate({ locale: 'en', messages: {} })
  addProblems(problems)
})
beforeEach(() => {
  vi.stubGlobal('fetch', fetched)
  sessionStorage.clear()
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  vi.clearAllMocks()
})

const refuse = (status: number, problem: object) =>
  fetched.mockResolvedValue(
    new Response(JSON.stringify(problem), {
      status,
      headers: { 'content-type': 'application/problem+json' },
    }),
  )

async function show(search = '') {
  const root = createRootRoute()
  const page = createRoute({
    getParentRoute: () => root,
    path: '/integrations/7',
    component: () => <ReconnectButton id={7} label="Reconnect" />,
  })
  const router = createRouter({
    routeTree: root.addChildren([page]),
    history: createMemoryHistory({ initialEntries: [`/integrations/7${search}`] }),
  })
  render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={new QueryClient()}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>,
  )
  return screen.findByRole('button', { name: 'Reconnect' })
}

const missing = { code: 'CL-105', field: 'pageId', detail: 'Facebook was not allowed pages_messaging.' }
const ways: [name: string, status: number, problem: object, way: object][] = [
  ['permissions are missing', 409, missing, { again: true, reconnecting: 7 }],
  ['nobody is logged in', 409, { code: 'CL-103' }, { again: false, reconnecting: 7 }],
]
for (const [name, status, problem, way] of ways)
  test(`where ${name} it leads to Facebook’s dialog, once`, async () => {
    refuse(status, problem)
    fireEvent.click(await show())
    await waitFor(() => expect(toFacebook).toHaveBeenCalledExactlyOnceWith(way))
    expect(screen.queryByRole('alert')).toBeNull()
  })

test('back from the dialog it reconnects by itself, and what is still missing is said in place of leading there again', async () => {
  refuse(409, missing)
  setPendingReconnect(7)
  await show('?reconnect=now')
  expect((await screen.findByRole('alert')).textContent).toContain('pages_messaging')
  expect(fetched).toHaveBeenCalledOnce()
  expect(toFacebook).not.toHaveBeenCalled()
  expect(pendingReconnect()).toBeUndefined()
})

test('what no login mends is said where one is, and leads nowhere', async () => {
  refuse(409, { code: 'CL-107', field: 'receiveUrl', detail: 'desk.example has no such account.' })
  fireEvent.click(await show())
  expect((await screen.findByRole('alert')).textContent).toContain('desk.example')
  expect(toFacebook).not.toHaveBeenCalled()
})
