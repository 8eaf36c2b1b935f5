/** How a queue stands at this moment: who waits, who is free. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Queue } from '@patchbay/protocol/api/queues.ts'
import { useQuery } from '@tanstack/react-query'
import { Card } from '../../ui/Page.tsx'
import { peopleOf } from '../common/members.ts'
import { teamsQuery } from '../common/queries.ts'

export function QueueNow({ queue }: { queue: Queue }) {
  const { t } = useLingui()
  const teams = useQuery(teamsQuery).data ?? []
  const members = peopleOf(queue, teams).size
  return (
    <Card title={t`Now`}>
      <dl className="flex flex-col gap-2">
        {[
          [t`Waiting`, queue.waiting],
          [t`Free agents`, t`${queue.free} of ${members}`],
        ].map(([word, value]) => (
          <div key={word} className="flex items-baseline justify-between gap-3">
            <dt className="text-text-2">{word}</dt>
            <dd className="tabular text-h3">{value}</dd>
          </div>
        ))}
      </dl>
      {queue.waiting > 0 && queue.free === 0 ? (
        <p role="status" className="text-warn-text">
          <Trans>Somebody waits and nobody is free.</Trans>
        </p>
      ) : null}
    </Card>
  )
}
