/** All answers owed to the Reply URL of an account: what became of them, and once more for those that failed. */
import { useLingui } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Failed } from '../../shell/Failed.tsx'
import { useListSearch } from '../../shell/list-address.ts'
import { useId } from '../../shell/useId.ts'
import { LoadMore } from '../../ui/LoadMore.tsx'
import { Card } from '../../ui/Page.tsx'
import { Segments } from '../../ui/Tabs.tsx'
import { deliveriesQuery } from '../common/queries.ts'
import { useArrival } from './connect/useArrival.ts'
import { DeliveryTable } from './DeliveryTable.tsx'

const refreshMs = 5_000

export function AccountDeliveries() {
  const { t } = useLingui()
  const id = useId()
  const { current, set } = useListSearch()
  const state = current.state ?? 'all'
  const deliveries = useInfiniteQuery({
    ...deliveriesQuery(id, state === 'all' ? undefined : state),
    placeholderData: (before) => before,
    // What is under way changes without a word.
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ rows }) => rows.some((row) => row.state === 'pending')) ? refreshMs : false,
  })
  useArrival(id)
  const rows = deliveries.data?.pages.flatMap((page) => page.rows)
  const states = [
    { id: 'all', label: t`All` },
    { id: 'pending', label: t`Under way` },
    { id: 'delivered', label: t`Delivered` },
    { id: 'failed', label: t`Not delivered` },
    { id: 'dead', label: t`Given up` },
  ]
  return (
    <>
      <Segments
        label={t`State`}
        size="medium"
        items={states}
        selected={states.some((one) => one.id === state) ? state : 'all'}
        onSelect={(next) => set({ state: next === 'all' ? undefined : next })}
      />
      {deliveries.isError ? (
        <Failed error={deliveries.error} onRetry={() => void deliveries.refetch()} />
      ) : (
        <Card isFlush>
          <DeliveryTable rows={rows} />
          <LoadMore
            hasMore={deliveries.hasNextPage}
            isLoading={deliveries.isFetchingNextPage}
            onLoadMore={() => void deliveries.fetchNextPage()}
          />
        </Card>
      )}
    </>
  )
}
