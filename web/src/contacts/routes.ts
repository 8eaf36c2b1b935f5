/** The pages of contacts. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shell } from '../routes-frame.ts'
import { texts } from '../search-texts.ts'

export const contacts = createRoute({
  getParentRoute: () => shell,
  path: '/contacts',
  validateSearch: (search) => texts(search, 'search', 'list'),
  component: lazyRouteComponent(() => import('./Contacts.tsx'), 'Contacts'),
})

export const contact = createRoute({
  getParentRoute: () => shell,
  path: '/contacts/$id',
  component: lazyRouteComponent(() => import('./ContactPage.tsx'), 'ContactPage'),
})
