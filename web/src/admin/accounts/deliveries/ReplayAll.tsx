/** Delivers again all that failed since a time: how many that are, how fast they go, and what it means are said before. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../../api/api.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { Button } from '../../../ui/Button.tsx'
import { Confirm } from '../../../ui/Confirm.tsx'
import { NumberField } from '../../../ui/NumberField.tsx'
import { Select } from '../../../ui/Select.tsx'
import { toast } from '../../../ui/Toast.tsx'

const hourMs = 3_600_000
const mostCounted = 200

export function ReplayAll({ accountId }: { accountId: number }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const [isOpen, setOpen] = useState(false)
  const [hours, setHours] = useState(24)
  const [perSecond, setPerSecond] = useState(50)
  // Fixed when it is asked, so that what was counted is what is sent.
  const [askedAt, setAskedAt] = useState(0)
  const since = new Date(askedAt - hours * hourMs).toISOString()
  const failed = useQuery({
    queryKey: ['log', accountId, 'failed', since],
    queryFn: ({ signal }) =>
      api('GET /api/openchannel/accounts/:id/log', {
        params: { id: accountId },
        query: { direction: 'out', state: ['failed', 'dead'], from: since, limit: mostCounted },
        signal,
      }),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  })
  const { mutateAsync } = useMutation({
    mutationFn: () =>
      api('POST /api/openchannel/accounts/:id/replay', {
        params: { id: accountId },
        body: { since, perSecond },
      }),
    onSuccess: ({ count }) => {
      toast(t`${count} on their way again.`, { tone: 'ok' })
      return client.invalidateQueries({ queryKey: ['log', accountId] })
    },
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  const count = failed.data?.rows.length
  return (
    <Confirm
      isOpen={isOpen}
      onOpenChange={(next) => {
        if (next) setAskedAt(Date.now())
        setOpen(next)
      }}
      trigger={
        <Button size="small" icon={<RotateCw aria-hidden />}>
          <Trans>Replay all failed…</Trans>
        </Button>
      }
      title={t`Replay all that failed`}
      confirm={t`Replay them`}
      isHarmless
      isDisabled={!count}
      onConfirm={() => mutateAsync()}
    >
      <div className="flex flex-col gap-4">
        <Select
          label={t`Since`}
          options={[
            { id: 1, label: t`Last hour` },
            { id: 24, label: t`Last 24 hours` },
            { id: 168, label: t`Last 7 days` },
            { id: 336, label: t`Last 14 days` },
          ]}
          value={hours}
          onChange={setHours}
        />
        <NumberField
          label={t`At most a second`}
          description={t`So many go out, however many wait: your service has just come back.`}
          value={perSecond}
          minValue={1}
          maxValue={1000}
          onChange={(value) => setPerSecond(Number.isNaN(value) ? 1 : value)}
        />
        <p role="status" className="min-h-10 text-text">
          {count === undefined ? null : count === 0 ? (
            <Trans>Nothing failed in this time.</Trans>
          ) : (
            <>
              {failed.data?.cursor ? (
                <Trans>More than {count} answers go out again.</Trans>
              ) : (
                <Plural value={count} one="# answer goes out again." other="# answers go out again." />
              )}{' '}
              <Trans>
                Your service may see some of them for the second time: it knows them by the id in the body.
              </Trans>
            </>
          )}
        </p>
      </div>
    </Confirm>
  )
}
