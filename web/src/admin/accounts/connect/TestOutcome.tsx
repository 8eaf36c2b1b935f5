/** What a trial of a Reply URL brought: status, time, diagnosis, and what the service said. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Answered } from '../../../api/api.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { TimingBar } from '../deliveries/TimingBar.tsx'
import { diagnosisWords, unknownDiagnosis } from './diagnosis.ts'

export type ReplyTrial = Answered<'POST /api/openchannel/accounts/:id/try-reply'>

export function TestOutcome({ trial }: { trial: ReplyTrial }) {
  const { i18n } = useLingui()
  const words = i18n._(diagnosisWords[trial.diagnosis] ?? unknownDiagnosis)
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Banner tone={trial.ok ? 'ok' : 'bad'} isInset>
        <p className="font-medium">
          {trial.status === null ? null : `${trial.status} · `}
          {trial.durationMs} ms · {words}
        </p>
        {trial.ok ? null : <p className="text-small">{trial.detail}</p>}
      </Banner>
      <TimingBar timing={trial.timing} totalMs={trial.durationMs} />
      {trial.body ? (
        <details>
          <summary className="cursor-pointer text-small text-text-2">
            <Trans>What it said</Trans>
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <pre className="code mt-2 max-h-48 overflow-auto" dir="ltr" tabIndex={0}>
            {trial.body}
          </pre>
        </details>
      ) : null}
    </div>
  )
}
