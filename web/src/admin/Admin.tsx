/** The frame of administration: its places on the left, each for those whose role allows it. */
import './admin.css'
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Navigate, Outlet, useLocation } from '@tanstack/react-router'
import {
  Award,
  Clock,
  Coffee,
  KeyRound,
  ListChecks,
  ListTree,
  Lock,
  type LucideIcon,
  Plug,
  ScrollText,
  ShieldCheck,
  ShieldUser,
  Split,
  Tags,
  User,
  Users,
  Waypoints,
  Zap,
} from 'lucide-react'
import { Fragment } from 'react'
import { useMe } from '../api/queries.ts'
import { lastAddress } from '../shell/list-address.ts'
import { LinkButton, TextLink } from '../ui/Button.tsx'
import { EmptyState } from '../ui/Page.tsx'
import { useCurrentShown } from '../ui/useCurrentShown.ts'
import { useFollow } from './common/useFollow.ts'
import { mayEnter, startOf } from './places.ts'

interface Place {
  href: string
  label: MessageDescriptor
  icon: LucideIcon
}

const channels: readonly Place[] = [
  { href: '/admin/accounts', label: msg`Accounts`, icon: Plug },
  { href: '/admin/reachability', label: msg`Reachability`, icon: Waypoints },
]
const routing: readonly Place[] = [
  { href: '/admin/queues', label: msg`Queues`, icon: Split },
  { href: '/admin/skills', label: msg`Skills`, icon: Award },
  { href: '/admin/intervals', label: msg`Intervals`, icon: Clock },
  { href: '/admin/pauses', label: msg`Pauses`, icon: Coffee },
  { href: '/admin/triggers', label: msg`Triggers`, icon: Zap },
]
const people: readonly Place[] = [
  { href: '/admin/users', label: msg`Users`, icon: User },
  { href: '/admin/teams', label: msg`Teams`, icon: Users },
  { href: '/admin/roles', label: msg`Roles`, icon: ShieldUser },
  { href: '/admin/signin', label: msg`Signing in`, icon: ShieldCheck },
  { href: '/admin/keys', label: msg`Keys`, icon: KeyRound },
  { href: '/admin/audit', label: msg`Audit log`, icon: ScrollText },
]
const data: readonly Place[] = [
  { href: '/admin/lists', label: msg`Lists and fields`, icon: ListTree },
  { href: '/admin/dispositions', label: msg`Dispositions`, icon: ListChecks },
  { href: '/admin/tags', label: msg`Tags`, icon: Tags },
]
const groups: readonly { title: MessageDescriptor; places: readonly Place[] }[] = [
  { title: msg`Services`, places: channels },
  { title: msg`Routing`, places: routing },
  { title: msg`People and access`, places: people },
  { title: msg`Contacts and interactions`, places: data },
]

export function Admin() {
  const me = useMe()
  const { pathname } = useLocation()
  const start = startOf(me)
  if (start === undefined) return <NoPermission />
  // Administration begins with the accounts; who may not see them begins with what he may.
  return pathname === '/admin/accounts' && start !== pathname ? <Navigate to={start} replace /> : <Frame />
}

function Frame() {
  const { t, i18n } = useLingui()
  const { pathname } = useLocation()
  const me = useMe()
  useFollow()
  const row = useCurrentShown(pathname)
  return (
    <div className="admin">
      <nav ref={row} aria-label={t`Administration`} className="admin-nav">
        {groups
          .map(({ title, places }) => ({ title, places: places.filter(({ href }) => mayEnter(me, href)) }))
          .filter(({ places }) => places.length > 0)
          .map(({ title, places }) => (
            <Fragment key={title.id}>
              <p className="admin-group">{i18n._(title)}</p>
              {places.map(({ href, label, icon: Icon }) => (
                <TextLink
                  key={href}
                  href={lastAddress(href)}
                  className="admin-place"
                  {...(pathname === href || pathname.startsWith(`${href}/`)
                    ? { 'aria-current': 'page' }
                    : {})}
                >
                  <Icon aria-hidden />
                  {i18n._(label)}
                </TextLink>
              ))}
            </Fragment>
          ))}
      </nav>
      <div className="min-w-0">{mayEnter(me, pathname) ? <Outlet /> : <NoPermission />}</div>
    </div>
  )
}

function NoPermission() {
  const { t } = useLingui()
  return (
    <div className="grid h-full place-items-center">
      <EmptyState
        icon={<Lock aria-hidden />}
        title={t`Your role does not allow this`}
        action={
          <LinkButton href="/inbox" variant="primary">
            <Trans>Go to the inbox</Trans>
          </LinkButton>
        }
      >
        <Trans>Ask an admin of your organisation to change a setting, or your role.</Trans>
      </EmptyState>
    </div>
  )
}
