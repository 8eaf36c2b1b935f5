/** Everybody who can sign in. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { User } from '@patchbay/protocol/api/people.ts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { Failed } from '../../shell/Failed.tsx'
import { useTypedSearch } from '../../shell/list-address.ts'
import { Id, Name } from '../../ui/Bidi.tsx'
import { LinkButton } from '../../ui/Button.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { LoadMore } from '../../ui/LoadMore.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { rolesQuery, usersPageQuery } from '../common/queries.ts'
import { useRoleName } from './permissions.ts'
import { UserState } from './UserState.tsx'

export function Users() {
  const { t } = useLingui()
  const nameOf = useRoleName()
  const roles = useQuery(rolesQuery)
  const roleOf = (id: number) => {
    const role = roles.data?.find((one) => one.id === id)
    return role && nameOf(role)
  }
  const { search, typed, type } = useTypedSearch()
  const users = useInfiniteQuery({ ...usersPageQuery(search), placeholderData: (before) => before })
  return (
    <AdminPage
      title={t`Users`}
      calls={[{ key: 'GET /api/users' }]}
      actions={
        <LinkButton href="/admin/users/new" variant="primary" icon={<Plus aria-hidden />}>
          <Trans>New user</Trans>
        </LinkButton>
      }
    >
      <SearchField label={t`Search users`} value={typed} onChange={type} className="w-full max-w-[360px]" />
      {users.isError ? (
        <Failed error={users.error} onRetry={() => void users.refetch()} />
      ) : (
        <Card isFlush>
          <DataTable<User, number>
            label={t`Users`}
            rows={users.data?.pages.flatMap((page) => page.rows)}
            rowId={({ id }) => id}
            rowHref={({ id }) => `/admin/users/${id}`}
            empty={<EmptyState title={t`Nobody is called so`} />}
            columns={[
              { id: 'name', title: t`Name`, cell: ({ fullname }) => <Name>{fullname}</Name> },
              { id: 'state', title: t`State`, cell: (user) => <UserState user={user} /> },
              { id: 'email', title: t`E-mail`, priority: 'low', cell: ({ email }) => <Id>{email}</Id> },
              {
                id: 'role',
                title: t`Role`,
                cell: ({ roleId, roleName }) => <Name>{roleOf(roleId) ?? roleName}</Name>,
              },
              {
                id: 'teams',
                title: t`Teams`,
                priority: 'low',
                cell: ({ teams }) => <Name>{teams.map(({ name }) => name).join(', ') || '–'}</Name>,
              },
              {
                id: 'capacity',
                title: t`Capacity`,
                align: 'end',
                priority: 'low',
                cell: ({ capacity }) => capacity,
              },
            ]}
          />
          <LoadMore
            hasMore={users.hasNextPage}
            isLoading={users.isFetchingNextPage}
            onLoadMore={() => void users.fetchNextPage()}
          />
        </Card>
      )}
    </AdminPage>
  )
}
