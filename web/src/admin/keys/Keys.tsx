/** API keys: an admin sees all of them, others their own. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Key } from '@patchbay/protocol/api/people.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { Failed } from '../../shell/Failed.tsx'
import { Id, Name } from '../../ui/Bidi.tsx'
import { Countdown } from '../../ui/Countdown.tsx'
import { useNow } from '../../ui/clock.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { LoadMore } from '../../ui/LoadMore.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { Time } from '../../ui/Time.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { keysQuery } from '../common/queries.ts'
import { KeyActions } from './KeyActions.tsx'
import { NewKey } from './NewKey.tsx'
import { type FreshKey, ShownOnce } from './ShownOnce.tsx'
import { endOf } from './scopes.ts'

export function Keys() {
  return <KeyPage isForAll />
}

export function OwnKeys() {
  return <KeyPage isForAll={false} />
}

function KeyPage({ isForAll }: { isForAll: boolean }) {
  const { t } = useLingui()
  const keys = useInfiniteQuery(keysQuery)
  const [fresh, setFresh] = useState<FreshKey>()
  const rows = keys.data?.pages.flatMap((page) => page.rows)
  const isEmpty = rows?.length === 0
  return (
    <AdminPage
      title={isForAll ? t`Keys` : t`My keys`}
      description={t`With a key a program calls the API in the name of its user, without the password.`}
      calls={[
        { key: 'GET /api/keys' },
        { key: 'POST /api/keys', body: { name: 'Nord shop', scopes: ['notify', 'attachments'] } },
      ]}
      actions={isEmpty ? undefined : <NewKey onMade={setFresh} />}
    >
      {keys.isError ? (
        <Failed error={keys.error} onRetry={() => void keys.refetch()} />
      ) : (
        <Card isFlush>
          <DataTable<Key, number>
            label={t`Keys`}
            rows={rows}
            rowId={({ id }) => id}
            empty={
              <EmptyState
                icon={<KeyRound aria-hidden />}
                title={t`No key yet`}
                action={<NewKey onMade={setFresh} />}
              >
                <Trans>A service needs one to send files. Give it the fewest scopes that do.</Trans>
              </EmptyState>
            }
            columns={[
              { id: 'name', title: t`Name`, cell: ({ name }) => <Name>{name}</Name> },
              {
                id: 'start',
                title: t`Key`,
                priority: 'low',
                cell: ({ start, last4 }) => (
                  <Id isMono className="whitespace-nowrap">{`${start}…${last4}`}</Id>
                ),
              },
              {
                id: 'scopes',
                title: t`Scopes`,
                priority: 'low',
                cell: ({ scopes }) => <Scopes scopes={scopes} />,
              },
              ...(isForAll
                ? [
                    {
                      id: 'user',
                      title: t`Created by`,
                      priority: 'low' as const,
                      cell: ({ user, createdAt }: Key) => (
                        <>
                          <Name>{user.fullname}</Name>{' '}
                          <Time value={createdAt} className="text-small text-text-3" />
                        </>
                      ),
                    },
                  ]
                : []),
              {
                id: 'used',
                title: t`Last used`,
                priority: 'low',
                cell: ({ lastUsedAt, lastUsedIp }) =>
                  lastUsedAt ? (
                    <>
                      <Time value={lastUsedAt} /> <Id className="text-small text-text-3">{lastUsedIp}</Id>
                    </>
                  ) : (
                    t`Never`
                  ),
              },
              {
                id: 'expires',
                title: t`Ends`,
                cell: (key) => <Expiry apiKey={key} />,
              },
              {
                id: 'actions',
                title: t`Actions`,
                isTitleHidden: true,
                align: 'end',
                cell: (key) => <KeyActions apiKey={key} onMade={setFresh} />,
              },
            ]}
          />
          <LoadMore
            hasMore={keys.hasNextPage}
            isLoading={keys.isFetchingNextPage}
            onLoadMore={() => void keys.fetchNextPage()}
          />
        </Card>
      )}
      {fresh ? <ShownOnce fresh={fresh} onStored={() => setFresh(undefined)} /> : null}
    </AdminPage>
  )
}

function Scopes({ scopes }: { scopes: Key['scopes'] }) {
  const { t } = useLingui()
  if (scopes === null) return <Tag tone="warn">{t`All rights of the user`}</Tag>
  return (
    <span className="flex flex-wrap gap-1">
      {scopes.map((scope) => (
        <Tag key={scope}>{scope}</Tag>
      ))}
    </span>
  )
}

function Expiry({ apiKey }: { apiKey: Key }) {
  const { t } = useLingui()
  const { expiresAt } = apiKey
  const end = endOf(apiKey, useNow(60_000))
  if (expiresAt === null || end === 'never') return <span className="text-text-2">{t`Never`}</span>
  return end === 'later' ? <Time value={expiresAt} style="day" /> : <Countdown until={expiresAt} />
}
