/** The audit log: who changed what, when, from what to what. The filters stand in the address. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { AuditEntry } from '@patchbay/protocol/api/audit.ts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Download, ScrollText, X } from 'lucide-react'
import { queryOf } from '../../api/api.ts'
import { useMe } from '../../api/queries.ts'
import { Failed } from '../../shell/Failed.tsx'
import { useTypedSearch } from '../../shell/list-address.ts'
import { Id, Name } from '../../ui/Bidi.tsx'
import { Button, LinkButton, TextLink } from '../../ui/Button.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { LoadMore } from '../../ui/LoadMore.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { Select } from '../../ui/Select.tsx'
import { Time } from '../../ui/Time.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { auditQuery, usersQuery } from '../common/queries.ts'
import { Difference } from './Difference.tsx'
import { hrefOf, objects, since, useActionWord, useObjectWord, type When, whens } from './objects.ts'

const anybody = 0

export function Audit() {
  const { t } = useLingui()
  const { typed, type, current, set } = useTypedSearch()
  const objectWord = useObjectWord()
  const actionWord = useActionWord()
  const { id: myId } = useMe()
  const users = useQuery(usersQuery)
  const { search, userId, object, objectId } = current
  const when = whens.find((one) => one === current.when) ?? 'any'
  const from = since(when)
  const filters = {
    ...(search ? { search } : {}),
    ...(userId ? { userId: Number(userId) } : {}),
    ...(object ? { object } : {}),
    ...(objectId ? { objectId: Number(objectId) } : {}),
    ...(from ? { 'createdAt[$gte]': from } : {}),
  }
  const asked = queryOf(filters)
  const entries = useInfiniteQuery({
    ...auditQuery(filters),
    placeholderData: (before) => before,
  })
  const whenWords: Record<When, string> = {
    any: t`At any time`,
    day: t`Today`,
    week: t`In the last 7 days`,
    month: t`In the last 30 days`,
  }
  return (
    <AdminPage
      title={t`Audit log`}
      description={t`Every change of the administration and every sign-in. It can be neither altered nor emptied.`}
      calls={[{ key: 'GET /api/audit' }]}
      actions={
        <LinkButton href={`/api/audit/export${asked}`} download icon={<Download aria-hidden />}>
          <Trans>Export as CSV</Trans>
        </LinkButton>
      }
    >
      <div className="flex flex-wrap gap-3" style={{ alignItems: 'end' }}>
        <SearchField
          label={t`Search the log`}
          value={typed}
          onChange={type}
          className="w-full max-w-[360px]"
        />
        <Select<number>
          label={t`Who`}
          value={userId ? Number(userId) : anybody}
          onChange={(id) => set({ userId: id === anybody ? undefined : String(id) })}
          options={[
            { id: anybody, label: t`Anybody` },
            ...(users.data ?? []).map(({ id, fullname }) => ({
              id,
              label: id === myId ? t`${fullname} (you)` : fullname,
            })),
          ]}
        />
        <Select<string>
          label={t`What`}
          value={object ?? ''}
          onChange={(kind) => set({ object: kind || undefined, objectId: undefined })}
          options={[
            { id: '', label: t`Anything` },
            ...objects.map((kind) => ({ id: kind, label: objectWord(kind) })),
          ]}
        />
        <Select<When>
          label={t`When`}
          value={when}
          onChange={(id) => set({ when: id === 'any' ? undefined : id })}
          options={whens.map((id) => ({ id, label: whenWords[id] }))}
        />
        {objectId ? (
          <Button iconEnd={<X aria-hidden />} onPress={() => set({ objectId: undefined })}>
            <Trans>Number {objectId} only</Trans>
          </Button>
        ) : null}
      </div>
      {entries.isError ? (
        <Failed error={entries.error} onRetry={() => void entries.refetch()} />
      ) : (
        <Card isFlush>
          <DataTable<AuditEntry, number>
            label={t`Audit log`}
            rows={entries.data?.pages.flatMap((page) => page.rows)}
            rowId={({ id }) => id}
            empty={<EmptyState icon={<ScrollText aria-hidden />} title={t`Nothing was found`} />}
            columns={[
              {
                id: 'at',
                title: t`When`,
                cell: ({ at }) => <Time value={at} style="stamp" className="whitespace-nowrap" />,
              },
              { id: 'who', title: t`Who`, cell: (entry) => <Who entry={entry} /> },
              {
                id: 'what',
                title: t`What`,
                cell: (entry) => (
                  <What entry={entry} action={actionWord(entry.action)} kind={objectWord(entry.object)} />
                ),
              },
              {
                id: 'difference',
                title: t`Before → after`,
                width: '50%',
                cell: ({ before, after }) => <Difference before={before} after={after} />,
              },
            ]}
          />
          <LoadMore
            hasMore={entries.hasNextPage}
            isLoading={entries.isFetchingNextPage}
            onLoadMore={() => void entries.fetchNextPage()}
          />
        </Card>
      )}
    </AdminPage>
  )
}

function Who({ entry: { user, key, address } }: { entry: AuditEntry }) {
  const { t } = useLingui()
  const keyName = key?.name ?? key?.id
  return (
    <span className="flex flex-col">
      {user ? <Name>{user.fullname}</Name> : <span className="text-text-2">{t`Patchbay itself`}</span>}
      {key ? <span className="text-small text-text-2">{t`by key ${keyName}`}</span> : null}
      {address ? <Id className="text-small text-text-2">{address}</Id> : null}
    </span>
  )
}

function What({ entry, action, kind }: { entry: AuditEntry; action: string; kind: string }) {
  const { object, objectId, objectName } = entry
  const name = objectName ?? (objectId === null ? '' : `#${objectId}`)
  const href = hrefOf(object, objectId)
  return (
    <span className="flex flex-col">
      <span>{action}</span>
      <span className="text-small text-text-2">
        {kind} {href ? <TextLink href={href}>{name}</TextLink> : <bdi>{name}</bdi>}
      </span>
    </span>
  )
}
