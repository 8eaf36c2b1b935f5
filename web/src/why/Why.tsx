/** Why an interaction waits, is offered, or came to whom it came: routing in words. Loaded on first use. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import type { RefObject } from 'react'
import { ApiError, api } from '../api/api.ts'
import { useMe } from '../api/queries.ts'
import { SkeletonLines } from '../ui/Mark.tsx'
import PopoverBody from '../ui/PopoverBody.tsx'
import { AskedLine } from './AskedLine.tsx'
import { Came } from './Came.tsx'
import { Runs } from './Runs.tsx'
import { Waits } from './Waits.tsx'

interface WhyProps {
  interactionId: number
  anchor: RefObject<HTMLElement | null>
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

/** What it tells changes without a word while somebody reads it. */
const againMs = 3_000

export default function Why({ interactionId: id, ...popover }: WhyProps) {
  const { t } = useLingui()
  const me = useMe()
  const { data, error } = useQuery({
    queryKey: ['why', id],
    queryFn: ({ signal }) => api('GET /api/openchannel/interactions/:id/why', { params: { id }, signal }),
    enabled: popover.isOpen,
    refetchInterval: againMs,
    staleTime: 0,
  })
  const label =
    data?.state === 'closed' ? t`How this was routed` : data?.came ? t`Why it came here` : t`Why it waits`
  return (
    <PopoverBody {...popover} label={label}>
      <div className="flex w-[min(380px,calc(100vw-32px))] flex-col gap-3 px-4 py-3">
        {data ? (
          <>
            {data.waits ? <Waits waits={data.waits} /> : null}
            {data.came ? <Came came={data.came} me={me.id} /> : null}
            {data.waits === null && data.came === null ? (
              <p>
                {data.state === 'closed' ? (
                  <Trans>It is closed.</Trans>
                ) : (
                  <Trans>It waits for nobody in particular: every agent of the account may take it.</Trans>
                )}
              </p>
            ) : null}
            {data.asked.length > 0 ? (
              <ol className="timeline max-h-[240px] overflow-auto" aria-label={t`Who was asked`}>
                {data.asked.map((asked) => (
                  <AskedLine key={`${asked.user.id} ${asked.at}`} asked={asked} />
                ))}
              </ol>
            ) : null}
            <Runs interactionId={id} />
          </>
        ) : error ? (
          <p role="alert">{error instanceof ApiError ? error.detail : null}</p>
        ) : (
          <SkeletonLines lines={4} />
        )}
      </div>
    </PopoverBody>
  )
}
