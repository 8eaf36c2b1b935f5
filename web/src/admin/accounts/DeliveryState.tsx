/** How a delivery stands, in a word or by the status that answered. */
import { useLingui } from '@lingui/react/macro'
import type { DeliveryRow } from '@patchbay/protocol/api/accounts.ts'
import { Tag } from '../../ui/Mark.tsx'

export function DeliveryState({ delivery }: { delivery: DeliveryRow }) {
  const { t } = useLingui()
  const { state, lastStatus, attempts } = delivery
  if (state === 'delivered')
    return (
      <Tag tone="ok">
        {t`Delivered`} {lastStatus}
      </Tag>
    )
  if (state === 'failed')
    return (
      <Tag tone="bad">
        {t`Not delivered`} {lastStatus}
      </Tag>
    )
  if (state === 'dead')
    return (
      <Tag tone="bad">
        {t`Given up`} {lastStatus}
      </Tag>
    )
  if (attempts > 0)
    return (
      <Tag tone="warn">
        {t`Trying again`} {lastStatus}
      </Tag>
    )
  return <Tag tone="info">{t`On its way`}</Tag>
}
