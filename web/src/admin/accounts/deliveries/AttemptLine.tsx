/** All attempts of a delivery on a line of time, newest first, and when the next one is due; one is chosen to look at. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { LogAttempt, LogRow } from '@patchbay/protocol/api/log.ts'
import { Tag } from '../../../ui/Mark.tsx'
import { Time } from '../../../ui/Time.tsx'
import { duration } from '../../../ui/time.ts'

export interface AttemptLineProps {
  row: LogRow
  attempts: readonly LogAttempt[]
  current: number | undefined
  onChoose: (attempt: number) => void
}

export function AttemptLine({ row, attempts, current, onChoose }: AttemptLineProps) {
  const { t, i18n } = useLingui()
  const newestFirst = [...attempts].sort((a, b) => b.attempt - a.attempt)
  return (
    <section className="flex flex-col gap-2">
      <h3 className="text-h4">
        <Trans>
          Attempts <span className="font-normal text-text-2">of at most {row.attempts}</span>
        </Trans>
      </h3>
      <ol className="timeline" aria-label={t`Attempts`}>
        {row.state === 'pending' && row.nextAt ? (
          <li>
            <span className="text-text-2">
              <Trans>
                Next at <Time value={row.nextAt} style="stamp" /> (attempt {row.attempt + 1})
              </Trans>
            </span>
          </li>
        ) : null}
        {newestFirst.map(({ attempt, startedAt, status, error, durationMs }) => {
          const isGood = error === null && status !== null && status >= 200 && status < 300
          return (
            <li key={attempt} data-tone={isGood ? 'ok' : 'bad'}>
              <button
                type="button"
                className="attempt-button"
                aria-pressed={attempt === current}
                onClick={() => onChoose(attempt)}
              >
                <span className="font-medium">{t`Attempt ${attempt}`}</span>
                <Tag tone={isGood ? 'ok' : 'bad'}>{status ?? t`No answer`}</Tag>
                <span className="min-w-0 flex-1 truncate text-text-2" dir="auto">
                  {isGood ? null : error}
                </span>
                <span className="tabular text-small text-text-2">{duration(durationMs, i18n.locale)}</span>
                <Time value={startedAt} style="stamp" className="text-small text-text-2" />
              </button>
            </li>
          )
        })}
      </ol>
      {attempts.length === 0 && row.attempt > 0 ? (
        <p className="text-text-2">
          <Trans>The attempts themselves are no longer kept.</Trans>
        </p>
      ) : null}
    </section>
  )
}
