/** Every page of the desk, in one list; each is fetched when it is first shown. */
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { adminTree, keys, security } from './admin/routes.ts'
import { whenSignedOut } from './api/api.ts'
import { queryClient } from './api/queries.ts'
import { contact, contacts } from './contacts/routes.ts'
import { agents } from './presence/routes.ts'
import { root, shell } from './routes-frame.ts'
import { texts } from './search-texts.ts'
import { Broken, NotFound } from './shell/problems.tsx'
import { enter } from './shell/words.ts'

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/signin',
  beforeLoad: () => enter('session'),
  validateSearch: (search) => texts(search, 'next', 'refused'),
  component: lazyRouteComponent(() => import('./session/SignIn.tsx'), 'SignIn'),
})

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: () => enter('session'),
  // A code of digits alone would be read as a number.
  validateSearch: ({ code }): { code?: string } => (code === undefined ? {} : { code: String(code) }),
  component: lazyRouteComponent(() => import('./session/SetUp.tsx'), 'SetUp'),
})

const forgot = createRoute({
  getParentRoute: () => root,
  path: '/forgot',
  beforeLoad: () => enter('session'),
  component: lazyRouteComponent(() => import('./session/Forgot.tsx'), 'Forgot'),
})

const choosePassword = createRoute({
  getParentRoute: () => root,
  path: '/password',
  beforeLoad: () => enter('session'),
  component: lazyRouteComponent(() => import('./session/ChoosePassword.tsx'), 'ChoosePassword'),
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

/** The components side by side, for those who make them; not in the product. */
const gallery = createRoute({
  getParentRoute: () => root,
  path: '/ui',
  component: import.meta.env.DEV
    ? lazyRouteComponent(() => import('./gallery/Gallery.tsx'), 'Gallery')
    : NotFound,
})

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setUp,
    forgot,
    choosePassword,
    gallery,
    shell.addChildren([home, inboxHome, inbox, contacts, contact, agents, keys, security, adminTree]),
  ]),
  context: { queryClient },
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Broken,
  // Skeletons of the pages themselves say that something is coming; the former page stays until then.
  defaultPendingMs: 1000,
  scrollRestoration: true,
  // A list is found again where it was left, by whatever link.
  getScrollRestorationKey: ({ pathname }) => pathname,
})

whenSignedOut(() => {
  const { pathname, href } = router.state.location
  if (['/signin', '/setup', '/forgot', '/password'].includes(pathname)) return
  queryClient.clear()
  void router.navigate({ to: '/signin', search: { next: href } })
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
