/** Every page of the desk, in one list; each is fetched when it is first shown. */
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { ApiError, whenSignedOut } from './api/api.ts'
import { meQuery, queryClient } from './api/queries.ts'
import { Broken, NotFound } from './shell/problems.tsx'

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()()

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/signin',
  validateSearch: ({ next }): { next?: string } => (text(next) ? { next: String(next) } : {}),
  component: lazyRouteComponent(() => import('./session/SignIn.tsx'), 'SignIn'),
})

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  // A code of digits alone would be read as a number.
  validateSearch: ({ code }): { code?: string } => (code === undefined ? {} : { code: String(code) }),
  component: lazyRouteComponent(() => import('./session/SetUp.tsx'), 'SetUp'),
})

/** Below it one is signed in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery)
    } catch (error) {
      if (error instanceof ApiError && error.status === 401)
        throw redirect({ to: '/signin', search: { next: location.href } })
      throw error
    }
  },
  component: lazyRouteComponent(() => import('./shell/Shell.tsx'), 'Shell'),
})

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ href: '/inbox/mine' })
  },
})

const inboxHome = createRoute({
  getParentRoute: () => shell,
  path: '/inbox',
  beforeLoad: () => {
    throw redirect({ href: '/inbox/mine' })
  },
})

// One route for all views and interactions: going from one to another must not build the page anew.
const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox/$',
  component: lazyRouteComponent(() => import('./inbox/Inbox.tsx'), 'Inbox'),
})

const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  component: lazyRouteComponent(() => import('./admin/Admin.tsx'), 'Admin'),
})

/** The components side by side, for those who make them; not in the product. */
const gallery = createRoute({
  getParentRoute: () => root,
  path: '/ui',
  component: import.meta.env.DEV
    ? lazyRouteComponent(() => import('./gallery/Gallery.tsx'), 'Gallery')
    : NotFound,
})

export const router = createRouter({
  routeTree: root.addChildren([signIn, setUp, gallery, shell.addChildren([home, inboxHome, inbox, admin])]),
  context: { queryClient },
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Broken,
  // Skeletons of the pages themselves say that something is coming; the former page stays until then.
  defaultPendingMs: 1000,
  scrollRestoration: true,
})

whenSignedOut(() => {
  const { pathname, href } = router.state.location
  if (pathname === '/signin' || pathname === '/setup') return
  queryClient.clear()
  void router.navigate({ to: '/signin', search: { next: href } })
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
