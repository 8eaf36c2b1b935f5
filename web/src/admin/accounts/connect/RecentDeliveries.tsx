/** The newest answers owed to the Reply URL, beside the steps. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Failed } from '../../../shell/Failed.tsx'
import { TextLink } from '../../../ui/Button.tsx'
import { Card } from '../../../ui/Page.tsx'
import { deliveriesQuery } from '../../common/queries.ts'
import { DeliveryDetail } from '../DeliveryDetail.tsx'
import { DeliveryTable } from '../DeliveryTable.tsx'

const mostRows = 8

export function RecentDeliveries({ accountId }: { accountId: number }) {
  const { t } = useLingui()
  const deliveries = useInfiniteQuery(deliveriesQuery(accountId))
  const rows = deliveries.data?.pages[0]?.rows.slice(0, mostRows)
  const worst = rows?.find(({ state }) => state === 'failed' || state === 'dead') ?? rows?.[0]
  return (
    <Card
      isFlush
      title={t`Deliveries`}
      meta={
        <TextLink href={`/admin/accounts/${accountId}/deliveries`}>
          <Trans>All deliveries</Trans>
        </TextLink>
      }
    >
      {deliveries.isError ? (
        <Failed error={deliveries.error} onRetry={() => void deliveries.refetch()} />
      ) : (
        <>
          <DeliveryTable rows={rows} {...(worst ? { current: worst.id } : {})} isShort />
          {worst ? <DeliveryDetail delivery={worst} /> : null}
        </>
      )}
    </Card>
  )
}
