/** How long the channel still takes answers: a chip in the head of the thread, and words where one writes. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { AnswerWindow } from '@patchbay/protocol/api/interactions.ts'
import { Timer, TimerOff } from 'lucide-react'
import { Banner } from '../../ui/Banner.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { calendarDay, exactInstant, remaining, timeOfDay } from '../../ui/time.ts'
import { useWindow, type WindowState } from './useWindow.ts'

const soonMs = 60 * 60_000

export function AnswerChip({ window }: { window: AnswerWindow }) {
  const { t, i18n } = useLingui()
  const at = useWindow(window)
  if (at.state === 'free') return null
  const exact = exactInstant(at.until, i18n.locale)
  if (at.state === 'over') {
    return (
      <Tag tone="bad" icon={<TimerOff aria-hidden />} title={t`The channel took answers until ${exact}`}>
        <Trans>Over</Trans>
      </Tag>
    )
  }
  const left = remaining(at.until - at.now, i18n.locale)
  const isSoon = at.state === 'human' || at.until - at.now < soonMs
  return (
    <Tag
      tone={isSoon ? 'warn' : 'info'}
      icon={<Timer aria-hidden />}
      title={t`The channel takes answers until ${exact}`}
    >
      <span className="visually-hidden">{t`Time to answer:`} </span>
      {left}
    </Tag>
  )
}

/** Nothing as long as one may simply answer. */
export function AnswerRule({ at }: { at: WindowState }) {
  const { i18n } = useLingui()
  if (at.state === 'free' || at.state === 'open') return null
  const until = `${calendarDay(at.until, at.now, i18n.locale)}, ${timeOfDay(at.until, i18n.locale)}`
  if (at.state === 'human') {
    return (
      <Banner tone="info" isInset>
        <Trans>The usual time to answer is over. A person may still answer until {until}.</Trans>
      </Banner>
    )
  }
  return (
    <Banner tone="warn" isInset>
      <Trans>
        The channel took answers until {until}. You can answer again when the customer writes; notes stay
        possible.
      </Trans>
    </Banner>
  )
}
