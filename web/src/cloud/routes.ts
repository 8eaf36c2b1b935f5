/** Every page of the cloud, in one list; each is fetched when it is first shown. */

import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { ApiError, whenSignedOut } from '../api/api.ts'
import { queryClient } from '../api/queries.ts'
import { texts } from '../search-texts.ts'
import { Broken } from '../shell/problems.tsx'
import { userQuery } from './api.ts'
import { pendingReconnect } from './integration/pending-reconnect.ts'
import { Nowhere } from './Nowhere.tsx'
import { enter } from './words.ts'

/** For pages whose words are fetched with them, and not before. */
const withWords = (...rooms: string[]) => ({
  loader: async () => {
    await Promise.all(rooms.map(enter))
  },
})

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()()

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/signin',
  ...withWords('people', 'session'),
  validateSearch: (search) => texts(search, 'next'),
  component: lazyRouteComponent(() => import('./people/SignIn.tsx'), 'SignIn'),
})

const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  ...withWords('people', 'session'),
  component: lazyRouteComponent(() => import('./people/Register.tsx'), 'Register'),
})

const forgot = createRoute({
  getParentRoute: () => root,
  path: '/forgot',
  ...withWords('people', 'session'),
  component: lazyRouteComponent(() => import('./people/Forgot.tsx'), 'Forgot'),
})

/** Below it one is signed in. */
const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(userQuery)
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        const search = location.href === '/' ? '' : `?next=${encodeURIComponent(location.href)}`
        throw redirect({ href: `/signin${search}` })
      }
      throw error
    }
  },
  component: lazyRouteComponent(() => import('./Frame.tsx'), 'Frame'),
})

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  component: lazyRouteComponent(() => import('./home/Home.tsx'), 'Home'),
})

const account = createRoute({
  getParentRoute: () => frame,
  path: '/account',
  ...withWords('people', 'session'),
  component: lazyRouteComponent(() => import('./people/Account.tsx'), 'Account'),
})

const audit = createRoute({
  getParentRoute: () => frame,
  path: '/audit',
  ...withWords('audit'),
  component: lazyRouteComponent(() => import('./audit/Audit.tsx'), 'Audit'),
})

const build = createRoute({
  getParentRoute: () => frame,
  path: '/build',
  component: lazyRouteComponent(() => import('./home/Build.tsx'), 'Build'),
})

// What lies below this address is the cloud's own: it leads to Facebook and back.
const connect = createRoute({
  getParentRoute: () => frame,
  path: '/connect',
  ...withWords('connect', 'integration'),
  validateSearch: (search) => texts(search, 'step', 'outcome', 'code', 'integration'),
  beforeLoad: ({ search }) => {
    const reconnecting = search.outcome === 'done' ? pendingReconnect() : undefined
    if (reconnecting !== undefined)
      throw redirect({ href: `/integrations/${reconnecting}?reconnect=now`, replace: true })
  },
  component: lazyRouteComponent(() => import('./connect/Wizard.tsx'), 'Wizard'),
})

const integration = createRoute({
  getParentRoute: () => frame,
  path: '/integrations/$id',
  ...withWords('connect', 'integration'),
  validateSearch: (search) => texts(search, 'reconnect'),
  component: lazyRouteComponent(() => import('./integration/IntegrationPage.tsx'), 'IntegrationPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    register,
    forgot,
    frame.addChildren([home, build, connect, integration, account, audit]),
  ]),
  context: { queryClient },
  defaultPreload: 'intent',
  defaultNotFoundComponent: Nowhere,
  defaultErrorComponent: Broken,
  defaultPendingMs: 1000,
  scrollRestoration: true,
})

whenSignedOut(() => {
  const { pathname, href } = router.state.location
  if (['/signin', '/register', '/forgot'].includes(pathname)) return
  queryClient.clear()
  void router.navigate({ href: `/signin?next=${encodeURIComponent(href)}` })
})
