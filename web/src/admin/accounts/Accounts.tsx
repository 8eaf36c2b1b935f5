/** All accounts: where their contacts go, where answers are sent, and how they stand. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Download, Plug, Plus } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '../../api/queries.ts'
import { useProblem } from '../../api/useProblem.ts'
import { listsQuery } from '../../contacts/queries.ts'
import { Failed } from '../../shell/Failed.tsx'
import { useListSearch, useTypedSearch } from '../../shell/list-address.ts'
import { SandboxTag } from '../../shell/SandboxTag.tsx'
import { Id, Name } from '../../ui/Bidi.tsx'
import { Button, LinkButton, TextLink } from '../../ui/Button.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { LoadMore } from '../../ui/LoadMore.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { Select } from '../../ui/Select.tsx'
import { Time } from '../../ui/Time.tsx'
import { toast } from '../../ui/Toast.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { accountsQuery, allAccountsQuery, healthsQuery } from '../common/queries.ts'
import { saveFile } from '../common/save-file.ts'
import { hostOf } from './addresses.ts'
import { accountsCsv } from './csv.ts'
import { Health } from './Health.tsx'
import { SelectedAccounts } from './SelectedAccounts.tsx'

const everyList = 0

export function Accounts() {
  const { t } = useLingui()
  const { search, typed, type } = useTypedSearch()
  const { current, set } = useListSearch()
  const listId = Number(current.listId) || undefined
  const accounts = useInfiniteQuery({ ...accountsQuery(search, listId), placeholderData: (before) => before })
  const lists = useQuery(listsQuery).data?.rows
  const mayChange = useMe().permissions.includes('accounts.manage')
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set())
  const rows = accounts.data?.pages.flatMap((page) => page.rows)
  const healths = useQuery({
    ...healthsQuery(rows?.map(({ id }) => id) ?? []),
    placeholderData: keepPreviousData,
  }).data?.rows
  const isEmpty = rows?.length === 0 && search === '' && listId === undefined
  const chosen = (rows ?? []).filter(({ id }) => selected.has(id))
  return (
    <AdminPage
      title={t`Accounts`}
      description={t`An account connects one service: its customers' messages come in, answers go back to it.`}
      calls={[{ key: 'GET /api/openchannel/accounts' }]}
      actions={
        isEmpty ? undefined : (
          <>
            <ExportButton lists={new Map(lists?.map(({ id, name }) => [id, name]))} />
            <NewButton />
          </>
        )
      }
    >
      {accounts.isError ? (
        <Failed error={accounts.error} onRetry={() => void accounts.refetch()} />
      ) : isEmpty ? (
        <Card>
          <EmptyState icon={<Plug aria-hidden />} title={t`No account yet`} action={<NewButton />}>
            <Trans>
              Make one for your shop, app or form. You get an address to post messages to, and see the first
              one arrive within minutes. <TextLink href="/apidoc">How it works</TextLink>
            </Trans>
          </EmptyState>
        </Card>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-3">
            <SearchField
              label={t`Search accounts`}
              value={typed}
              onChange={type}
              className="w-full max-w-[360px]"
            />
            {lists && lists.length > 1 ? (
              <Select
                label={t`List`}
                isLabelHidden
                className="min-w-[160px]"
                value={listId ?? everyList}
                onChange={(id) => set({ listId: id === everyList ? undefined : String(id) })}
                options={[
                  { id: everyList, label: t`All lists` },
                  ...lists.map(({ id, name }) => ({ id, label: name })),
                ]}
              />
            ) : null}
            {chosen.length > 0 ? <SelectedAccounts accounts={chosen} onSelect={setSelected} /> : null}
          </div>
          <Card isFlush>
            <DataTable<Account, number>
              label={t`Accounts`}
              rows={rows}
              rowId={({ id }) => id}
              rowName={({ name }) => name}
              {...(mayChange ? { selected, onSelect: setSelected } : {})}
              rowHref={({ id }) => `/admin/accounts/${id}/connect`}
              empty={
                <EmptyState title={t`No account is called so`}>
                  <Trans>Search by the start of a word of its name.</Trans>
                </EmptyState>
              }
              columns={[
                { id: 'name', title: t`Name`, cell: ({ name }) => <Name>{name}</Name> },
                {
                  id: 'health',
                  title: t`State`,
                  cell: (account) => (
                    <span className="flex flex-wrap items-center gap-1">
                      {account.sandbox ? <SandboxTag /> : null}
                      <Health
                        account={account}
                        health={healths?.find(({ accountId }) => accountId === account.id)}
                      />
                    </span>
                  ),
                },
                {
                  id: 'key',
                  title: t`Map key`,
                  priority: 'low',
                  cell: ({ mapKey }) => (mapKey ? <Id isMono>{mapKey}</Id> : <Dash />),
                },
                {
                  id: 'list',
                  title: t`List`,
                  priority: 'low',
                  cell: ({ listId }) => <Name>{lists?.find(({ id }) => id === listId)?.name ?? ''}</Name>,
                },
                {
                  id: 'host',
                  title: t`Reply URL`,
                  priority: 'low',
                  cell: ({ replyUrl }) => (replyUrl ? <Id>{hostOf(replyUrl)}</Id> : <Dash />),
                },
                {
                  id: 'agents',
                  title: t`Agents`,
                  align: 'end',
                  priority: 'low',
                  cell: ({ agentIds, teamIds }) => <People agents={agentIds.length} teams={teamIds.length} />,
                },
                {
                  id: 'first',
                  title: t`First message`,
                  align: 'end',
                  priority: 'low',
                  cell: ({ firstMessageAt }) => (firstMessageAt ? <Time value={firstMessageAt} /> : <Dash />),
                },
              ]}
            />
            <LoadMore
              hasMore={accounts.hasNextPage}
              isLoading={accounts.isFetchingNextPage}
              onLoadMore={() => void accounts.fetchNextPage()}
            />
          </Card>
        </>
      )}
    </AdminPage>
  )
}

function ExportButton({ lists }: { lists: ReadonlyMap<number, string> }) {
  const client = useQueryClient()
  const problem = useProblem()
  const [isPending, setPending] = useState(false)
  const run = async () => {
    setPending(true)
    try {
      saveFile('accounts.csv', accountsCsv(await client.fetchQuery(allAccountsQuery), lists))
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
    } finally {
      setPending(false)
    }
  }
  return (
    <Button icon={<Download aria-hidden />} isPending={isPending} onPress={() => void run()}>
      <Trans>Export as CSV</Trans>
    </Button>
  )
}

function NewButton() {
  return (
    <LinkButton href="/admin/accounts/new" variant="primary" icon={<Plus aria-hidden />}>
      <Trans>New account</Trans>
    </LinkButton>
  )
}

function People({ agents, teams }: { agents: number; teams: number }) {
  const { t } = useLingui()
  return teams > 0 ? t`${agents} + ${teams} teams` : String(agents)
}

function Dash() {
  return <span className="text-text-3">–</span>
}
