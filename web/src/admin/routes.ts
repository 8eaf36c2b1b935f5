/** The pages of administration, each fetched when it is first shown. */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { shell } from '../routes-frame.ts'
import { texts } from '../search-texts.ts'
import { enter } from '../shell/words.ts'

const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  beforeLoad: () => enter('admin'),
  component: lazyRouteComponent(() => import('./Admin.tsx'), 'Admin'),
})

const start = createRoute({
  getParentRoute: () => admin,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/admin/accounts' })
  },
})

const accounts = createRoute({
  getParentRoute: () => admin,
  path: 'accounts',
  validateSearch: (search) => texts(search, 'search', 'listId'),
  component: lazyRouteComponent(() => import('./accounts/Accounts.tsx'), 'Accounts'),
})
const newAccount = createRoute({
  getParentRoute: () => admin,
  path: 'accounts/new',
  component: lazyRouteComponent(() => import('./accounts/NewAccount.tsx'), 'NewAccount'),
})
const account = createRoute({
  getParentRoute: () => admin,
  path: 'accounts/$id',
  component: lazyRouteComponent(() => import('./accounts/AccountPage.tsx'), 'AccountPage'),
})
const accountStart = createRoute({
  getParentRoute: () => account,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/admin/accounts/$id/connect', params })
  },
})
const accountConnect = createRoute({
  getParentRoute: () => account,
  path: 'connect',
  component: lazyRouteComponent(() => import('./accounts/connect/Connect.tsx'), 'Connect'),
})
const accountSettings = createRoute({
  getParentRoute: () => account,
  path: 'settings',
  component: lazyRouteComponent(() => import('./accounts/settings/Settings.tsx'), 'Settings'),
})
const accountRouting = createRoute({
  getParentRoute: () => account,
  path: 'routing',
  component: lazyRouteComponent(() => import('./accounts/routing/Routing.tsx'), 'Routing'),
})
const accountAgents = createRoute({
  getParentRoute: () => account,
  path: 'agents',
  component: lazyRouteComponent(() => import('./accounts/AccountAgents.tsx'), 'AccountAgents'),
})
const accountDeliveries = createRoute({
  getParentRoute: () => account,
  path: 'deliveries',
  component: lazyRouteComponent(() => import('./accounts/deliveries/Deliveries.tsx'), 'Deliveries'),
})
const delivery = createRoute({
  getParentRoute: () => accountDeliveries,
  path: '$entryId',
  component: lazyRouteComponent(() => import('./accounts/deliveries/EntryDrawer.tsx'), 'EntryDrawer'),
})

const queues = createRoute({
  getParentRoute: () => admin,
  path: 'queues',
  validateSearch: (search) => texts(search, 'search'),
  component: lazyRouteComponent(() => import('./queues/Queues.tsx'), 'Queues'),
})
const queue = createRoute({
  getParentRoute: () => admin,
  path: 'queues/$id',
  component: lazyRouteComponent(() => import('./queues/QueuePage.tsx'), 'QueuePage'),
})

const skills = createRoute({
  getParentRoute: () => admin,
  path: 'skills',
  component: lazyRouteComponent(() => import('./queues/Skills.tsx'), 'Skills'),
})

const intervals = createRoute({
  getParentRoute: () => admin,
  path: 'intervals',
  component: lazyRouteComponent(() => import('./intervals/Intervals.tsx'), 'Intervals'),
})
const interval = createRoute({
  getParentRoute: () => admin,
  path: 'intervals/$id',
  component: lazyRouteComponent(() => import('./intervals/IntervalPage.tsx'), 'IntervalPage'),
})

const triggers = createRoute({
  getParentRoute: () => admin,
  path: 'triggers',
  component: lazyRouteComponent(() => import('./triggers/Triggers.tsx'), 'Triggers'),
})
const trigger = createRoute({
  getParentRoute: () => admin,
  path: 'triggers/$id',
  component: lazyRouteComponent(() => import('./triggers/TriggerPage.tsx'), 'TriggerPage'),
})

const users = createRoute({
  getParentRoute: () => admin,
  path: 'users',
  validateSearch: (search) => texts(search, 'search'),
  component: lazyRouteComponent(() => import('./people/Users.tsx'), 'Users'),
})
const newUser = createRoute({
  getParentRoute: () => admin,
  path: 'users/new',
  component: lazyRouteComponent(() => import('./people/NewUser.tsx'), 'NewUser'),
})
const user = createRoute({
  getParentRoute: () => admin,
  path: 'users/$id',
  component: lazyRouteComponent(() => import('./people/UserPage.tsx'), 'UserPage'),
})

const roles = createRoute({
  getParentRoute: () => admin,
  path: 'roles',
  component: lazyRouteComponent(() => import('./people/Roles.tsx'), 'Roles'),
})
const audit = createRoute({
  getParentRoute: () => admin,
  path: 'audit',
  component: lazyRouteComponent(() => import('./audit/Audit.tsx'), 'Audit'),
})

const teams = createRoute({
  getParentRoute: () => admin,
  path: 'teams',
  component: lazyRouteComponent(() => import('./people/Teams.tsx'), 'Teams'),
})
const team = createRoute({
  getParentRoute: () => admin,
  path: 'teams/$id',
  component: lazyRouteComponent(() => import('./people/TeamPage.tsx'), 'TeamPage'),
})

const signIn = createRoute({
  getParentRoute: () => admin,
  path: 'signin',
  component: lazyRouteComponent(() => import('./signin/SignInPage.tsx'), 'SignInPage'),
})

const adminKeys = createRoute({
  getParentRoute: () => admin,
  path: 'keys',
  component: lazyRouteComponent(() => import('./keys/Keys.tsx'), 'Keys'),
})
/** The same for everybody, with one's own keys. */
export const keys = createRoute({
  getParentRoute: () => shell,
  path: '/keys',
  beforeLoad: () => enter('admin'),
  component: lazyRouteComponent(() => import('./keys/Keys.tsx'), 'OwnKeys'),
})

/** The same for everybody: one's own password, second factor and sessions. */
export const security = createRoute({
  getParentRoute: () => shell,
  path: '/security',
  beforeLoad: () => enter('admin'),
  component: lazyRouteComponent(() => import('./security/Security.tsx'), 'Security'),
})

const lists = createRoute({
  getParentRoute: () => admin,
  path: 'lists',
  component: lazyRouteComponent(() => import('./lists/Lists.tsx'), 'Lists'),
})
const list = createRoute({
  getParentRoute: () => admin,
  path: 'lists/$id',
  component: lazyRouteComponent(() => import('./lists/ListPage.tsx'), 'ListPage'),
})
const tags = createRoute({
  getParentRoute: () => admin,
  path: 'tags',
  component: lazyRouteComponent(() => import('./tags/Tags.tsx'), 'Tags'),
})

const dispositions = createRoute({
  getParentRoute: () => admin,
  path: 'dispositions',
  component: lazyRouteComponent(() => import('./dispositions/Dispositions.tsx'), 'Dispositions'),
})
const reachability = createRoute({
  getParentRoute: () => admin,
  path: 'reachability',
  component: lazyRouteComponent(() => import('./relays/Reachability.tsx'), 'Reachability'),
})

const pauses = createRoute({
  getParentRoute: () => admin,
  path: 'pauses',
  component: lazyRouteComponent(() => import('./pauses/Pauses.tsx'), 'Pauses'),
})

const accountTabs = [
  accountStart,
  accountConnect,
  accountSettings,
  accountRouting,
  accountAgents,
  accountDeliveries.addChildren([delivery]),
] as const

export const adminTree = admin.addChildren([
  start,
  accounts,
  newAccount,
  account.addChildren(accountTabs),
  queues,
  queue,
  skills,
  intervals,
  interval,
  triggers,
  trigger,
  users,
  newUser,
  user,
  roles,
  audit,
  teams,
  team,
  signIn,
  adminKeys,
  lists,
  list,
  tags,
  dispositions,
  pauses,
  reachability,
])
