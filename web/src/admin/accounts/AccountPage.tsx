/** The head of an account and its tabs; each tab is a page of its own. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useLocation } from '@tanstack/react-router'
import { BookOpen, Code, CodeXml } from 'lucide-react'
import { SandboxTag } from '../../shell/SandboxTag.tsx'
import { useId } from '../../shell/useId.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { TabLinks } from '../../ui/Segments.tsx'
import { AdminPage, Waiting } from '../common/AdminPage.tsx'
import type { ShownCall } from '../common/ApiHint.tsx'
import { accountQuery, healthQuery } from '../common/queries.ts'
import { useSample } from './connect/useSample.ts'
import { Health } from './Health.tsx'
import { HealthBanner } from './HealthBanner.tsx'

export function AccountPage() {
  const { t } = useLingui()
  const { pathname } = useLocation()
  const id = useId()
  const account = useQuery(accountQuery(id))
  const health = useQuery(healthQuery(id)).data
  const sample = useSample(account.data)
  if (!account.data) return <Waiting error={account.error} />
  const { name } = account.data
  const base = `/admin/accounts/${id}`
  return (
    <AdminPage
      back={{ href: '/admin/accounts', label: t`Accounts` }}
      history={{ object: 'account', id }}
      icon={<Avatar name={name} shape="square" icon={<CodeXml aria-hidden />} />}
      title={name}
      tags={
        <>
          <Tag>{t`Open channel`}</Tag>
          {account.data.sandbox ? <SandboxTag /> : null}
          <Health account={account.data} health={health} />
        </>
      }
      calls={callsOf(pathname.split('/')[4], account.data)}
      actions={
        <>
          <Docs />
          <Button variant="primary" isPending={sample.isPending} onPress={() => sample.run({ isTold: true })}>
            <Trans>Send test message</Trans>
          </Button>
        </>
      }
      tabs={
        <TabLinks
          label={t`Pages of the account`}
          current={tabOf(pathname)}
          items={[
            { href: `${base}/connect`, label: t`Connect` },
            { href: `${base}/settings`, label: t`Settings` },
            { href: `${base}/routing`, label: t`Routing` },
            { href: `${base}/agents`, label: t`Agents` },
            { href: `${base}/deliveries`, label: t`Deliveries` },
          ]}
        />
      }
    >
      <HealthBanner accountId={id} health={health} />
      <Outlet />
    </AdminPage>
  )
}

/** What a tab shows and does, by the API. */
function callsOf(
  tab: string | undefined,
  { id, name, agentIds, teamIds, actions, replyUrl }: Account,
): ShownCall[] {
  const params = { id }
  const read: ShownCall = { key: 'GET /api/openchannel/accounts/:id', params }
  switch (tab) {
    case 'connect':
      return [
        read,
        {
          key: 'POST /api/openchannel/accounts/:id/try-receive',
          params,
          body: { from: '+39 347 555 0142', body: 'Hello' },
        },
        { key: 'POST /api/openchannel/accounts/:id/try-reply', params, body: { replyUrl } },
      ]
    case 'routing':
      return [read, { key: 'PUT /api/openchannel/accounts/:id/actions', params, body: { actions } }]
    case 'agents':
      return [
        read,
        { key: 'PUT /api/openchannel/accounts/:id/agents', params, body: { ids: agentIds } },
        { key: 'PUT /api/openchannel/accounts/:id/teams', params, body: { ids: teamIds } },
      ]
    case 'deliveries':
      return [
        { key: 'GET /api/openchannel/accounts/:id/log', params },
        { key: 'GET /api/openchannel/accounts/:id/health', params },
        {
          key: 'POST /api/openchannel/accounts/:id/replay',
          params,
          body: { since: '2026-11-20T10:00:00.000Z', perSecond: 50 },
        },
      ]
    default:
      return [
        read,
        { key: 'PATCH /api/openchannel/accounts/:id', params, body: { name } },
        { key: 'POST /api/openchannel/accounts/:id/token', params, body: { overlapSeconds: 86_400 } },
      ]
  }
}

/** What is below a tab belongs to it. */
function tabOf(pathname: string): string {
  return pathname.split('/').slice(0, 5).join('/')
}

function Docs() {
  const { t } = useLingui()
  const open = (href: string) => () => void window.open(href, '_blank', 'noopener')
  return (
    <Menu
      label={t`Docs`}
      placement="bottom end"
      trigger={
        <Button icon={<BookOpen aria-hidden />}>
          <Trans>Docs</Trans>
        </Button>
      }
      items={[
        { id: 'api', label: t`API reference`, icon: <Code aria-hidden />, onAction: open('/apidoc') },
        {
          id: 'errors',
          label: t`Errors and their fix`,
          icon: <BookOpen aria-hidden />,
          onAction: open('/docs/errors'),
        },
      ]}
    />
  )
}
