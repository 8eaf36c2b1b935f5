/** How long each step of an attempt took: a bar to compare, and the numbers below it. */
import { useLingui } from '@lingui/react/macro'
import type { LogAttempt } from '@patchbay/protocol/api/log.ts'
import { duration } from '../../../ui/time.ts'
import { type Step, stepsOf } from './timing.ts'

const colors: Record<Step, string> = {
  dns: 'var(--chart-4)',
  connect: 'var(--chart-3)',
  tls: 'var(--chart-5)',
  wait: 'var(--chart-1)',
  read: 'var(--chart-2)',
}

export function TimingBar({ timing, totalMs }: { timing: LogAttempt['timing']; totalMs: number }) {
  const { t, i18n } = useLingui()
  const steps = stepsOf(timing, totalMs)
  const words: Record<Step, string> = {
    dns: t`DNS`,
    connect: t`Connection`,
    tls: t`TLS`,
    wait: timing.firstByteMs === null ? t`No answer` : t`First byte`,
    read: t`Rest of the answer`,
  }
  if (steps.length === 0) return null
  return (
    <figure className="flex flex-col gap-2" aria-label={t`Time`}>
      <div className="timing" aria-hidden>
        {steps.map(({ step, ms }) => (
          <span key={step} style={{ flexGrow: ms, background: colors[step] }} />
        ))}
      </div>
      <figcaption className="flex flex-wrap gap-x-4 gap-y-1 text-small text-text-2">
        {steps.map(({ step, ms }) => (
          <span key={step} className="inline-flex items-center gap-1.5">
            <i className="dot" style={{ background: colors[step] }} aria-hidden />
            {words[step]} <span className="tabular">{duration(ms, i18n.locale)}</span>
          </span>
        ))}
        <span className="ms-auto font-medium text-text">
          {t`Total`} <span className="tabular">{duration(totalMs, i18n.locale)}</span>
        </span>
      </figcaption>
    </figure>
  )
}
