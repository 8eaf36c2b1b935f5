/** How the delivery of an answer goes: reason and times for everybody, attempts and status for admins. Loaded on first use. */
import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { useMe } from '../../api/queries.ts'
import { DescriptionList } from '../../ui/Page.tsx'
import { exactInstant } from '../../ui/time.ts'
import type { MessageItem } from './entries.ts'

interface MessageDetailsProps {
  interactionId: number
  message: MessageItem['message']
}

export default function MessageDetails({ interactionId, message }: MessageDetailsProps) {
  const { t, i18n } = useLingui()
  const { role } = useMe()
  const { id, statusReason, nextAttemptAt, deliveryId } = message
  const delivery = useQuery({
    queryKey: ['deliveries', 'of-message', id, message.status, nextAttemptAt],
    queryFn: () => api('GET /api/openchannel/deliveries', { query: { interactionId, limit: 200 } }),
    enabled: role === 'admin' && deliveryId !== null,
  }).data?.rows.find((row) => row.id === deliveryId)
  const instant = (at: string | null | undefined) => (at ? exactInstant(Date.parse(at), i18n.locale) : null)
  return (
    <div className="message-details">
      <DescriptionList
        items={[
          { term: t`Reason`, value: statusReason },
          ...(nextAttemptAt ? [{ term: t`Next attempt`, value: instant(nextAttemptAt) }] : []),
          ...(delivery
            ? [
                { term: t`Attempts`, value: delivery.attempts },
                { term: t`Last status`, value: delivery.lastStatus },
                { term: t`Last error`, value: delivery.lastError },
                { term: t`First tried`, value: instant(delivery.createdAt) },
                { term: t`Given up`, value: instant(delivery.endedAt) },
              ]
            : []),
          { term: t`Delivery`, value: deliveryId },
        ]}
      />
    </div>
  )
}
