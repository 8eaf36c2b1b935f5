/** How an interaction was routed: what the steps of its account did with it, newest run first. Asked for when it is unfolded. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { ActionRun, RunLine } from '@patchbay/protocol/api/actions.ts'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { ApiError, api } from '../api/api.ts'
import { Button } from '../ui/Button.tsx'
import { SkeletonLines } from '../ui/Mark.tsx'
import { Time } from '../ui/Time.tsx'
import SaidWords from './SaidWords.tsx'

export function Runs({ interactionId }: { interactionId: number }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        size="small"
        variant="quiet"
        className="self-start"
        icon={isOpen ? <ChevronDown aria-hidden /> : <ChevronRight aria-hidden />}
        aria-expanded={isOpen}
        onPress={() => setOpen(!isOpen)}
      >
        <Trans>How this was routed</Trans>
      </Button>
      {isOpen ? <Told interactionId={interactionId} /> : null}
    </>
  )
}

function Told({ interactionId: id }: { interactionId: number }) {
  const { data, error } = useQuery({
    queryKey: ['why', id, 'runs'],
    queryFn: ({ signal }) => api('GET /api/openchannel/interactions/:id/runs', { params: { id }, signal }),
    staleTime: 0,
  })
  if (error) return <p role="alert">{error instanceof ApiError ? error.detail : null}</p>
  if (!data) return <SkeletonLines lines={3} />
  if (data.rows.length === 0) {
    return (
      <p>
        <Trans>No step ran.</Trans>
      </p>
    )
  }
  return (
    <div className="flex max-h-[240px] flex-col gap-3 overflow-auto">
      {data.rows.map((run) => (
        <Run key={run.id} run={run} />
      ))}
    </div>
  )
}

function Run({ run }: { run: ActionRun }) {
  const { t } = useLingui()
  const outcomes: Record<RunLine['outcome'], string> = {
    ran: t`Done`,
    'passed-over': t`Passed over`,
    waits: run.isWaiting ? t`Waits` : t`Waited`,
    jumped: t`Jumped`,
    failed: t`Failed`,
  }
  return (
    <ol className="timeline" aria-label={t`Steps`}>
      {run.lines.map(({ at, stepId, outcome, words, said }, nr) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added
        <li key={nr} data-tone={outcome === 'failed' ? 'bad' : outcome === 'ran' ? 'ok' : 'plain'}>
          <span className="min-w-0 flex-1">
            {outcomes[outcome]} <code className="text-text-2">{stepId}</code>
            <span className="block text-small text-text-2" dir="auto">
              <SaidWords said={said} words={words} />
            </span>
          </span>
          <Time value={at} style="stamp" className="text-small text-text-2" />
        </li>
      ))}
    </ol>
  )
}
