/** The way of an answer, step by step with its times: written, queued, every attempt, sent, delivered, read. Loaded on first use. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import type { RefObject } from 'react'
import { type Answered, ApiError, api } from '../../api/api.ts'
import { useMe } from '../../api/queries.ts'
import { useLive } from '../../live/store.ts'
import { TextLink } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import PopoverBody from '../../ui/PopoverBody.tsx'
import { Time } from '../../ui/Time.tsx'
import { duration } from '../../ui/time.ts'
import type { MessageItem } from './entries.ts'

type Hop = Answered<'GET /api/openchannel/messages/:id/hops'>['hops'][number]

export interface HopsProps {
  interactionId: number
  message: MessageItem['message']
  anchor: RefObject<HTMLElement | null>
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

export default function Hops({ interactionId, message, ...popover }: HopsProps) {
  const { t } = useLingui()
  const { permissions } = useMe()
  const accountId = useLive((state) => state.rows.get(interactionId)?.account.id)
  const { id, status, nextAttemptAt } = message
  const hops = useQuery({
    queryKey: ['hops', id, status, nextAttemptAt],
    queryFn: ({ signal }) => api('GET /api/openchannel/messages/:id/hops', { params: { id }, signal }),
    enabled: popover.isOpen,
    placeholderData: (before) => before,
    staleTime: 0,
  })
  return (
    <PopoverBody {...popover} label={t`The way of this answer`} placement="top end">
      <div className="flex w-[max(min(360px,100vw-32px),var(--trigger-width,0px))] flex-col gap-3 px-4 py-3">
        {hops.data ? (
          <ol className="timeline">
            {hops.data.hops.map((hop) => (
              <HopLine key={`${hop.step} ${hop.at} ${hop.attempt}`} hop={hop} />
            ))}
            {nextAttemptAt ? (
              <li data-tone="next">
                <span className="flex-1">
                  <Trans>Next attempt</Trans>
                </span>
                <Time value={nextAttemptAt} style="stamp" className="text-small" />
              </li>
            ) : null}
          </ol>
        ) : hops.isError ? (
          <p role="alert">{hops.error instanceof ApiError ? hops.error.detail : null}</p>
        ) : (
          <SkeletonLines lines={3} />
        )}
        {permissions.includes('deliveries.read') && accountId !== undefined ? (
          <TextLink
            href={`/admin/accounts/${accountId}/deliveries?interaction=${interactionId}`}
            className="self-start text-small"
          >
            <Trans>Show in the delivery log</Trans>
          </TextLink>
        ) : null}
      </div>
    </PopoverBody>
  )
}

function HopLine({ hop }: { hop: Hop }) {
  const { t, i18n } = useLingui()
  const { step, at, attempt, status, durationMs, reason } = hop
  const isGood = status !== null && status >= 200 && status < 300
  const words: Readonly<Record<string, string>> = {
    written: t`Written`,
    queued: t`Queued`,
    attempt: status === null ? t`Attempt ${attempt}: no answer` : t`Attempt ${attempt}: ${status}`,
    sent: reason ? t`The service says how it went` : t`Sent: the service took it`,
    delivered: t`Delivered to the customer`,
    read: t`Read by the customer`,
    failed: t`Not delivered`,
    received: t`Received`,
    stored: t`Stored`,
  }
  const isBad = step === 'failed' || (step === 'attempt' && !isGood)
  // What was said with an answer of the service stands in the delivery log.
  const isSaid = step === 'attempt' ? isBad && status === null : true
  return (
    <li data-tone={isBad ? 'bad' : step === 'attempt' || step === 'queued' ? 'plain' : 'ok'}>
      <span className="min-w-0 flex-1">
        {words[step] ?? step}
        {durationMs === null ? null : (
          <span className="text-text-2"> · {duration(durationMs, i18n.locale)}</span>
        )}
        {reason && isSaid ? (
          <span className="block text-small text-text-2" dir="auto">
            {reason}
          </span>
        ) : null}
      </span>
      <Time value={at} style="stamp" className="text-small text-text-2" />
    </li>
  )
}
