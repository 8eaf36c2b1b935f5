/** The page that shows supervisors how their agents stand. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shell } from '../routes-frame.ts'
import { texts } from '../search-texts.ts'
import { enter } from '../shell/words.ts'

export const agents = createRoute({
  getParentRoute: () => shell,
  path: '/live/agents',
  validateSearch: (search) => texts(search, 'state'),
  beforeLoad: () => enter('presence'),
  component: lazyRouteComponent(() => import('./Agents.tsx'), 'Agents'),
})
