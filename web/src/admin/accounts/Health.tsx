/** How an account stands, in a word with its figures; press it to see what failed. */
import { useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import type { Health as HealthState } from '@patchbay/protocol/api/log.ts'
import { Check, CircleAlert, Clock, Moon, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { TextLink } from '../../ui/Button.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { Tooltip } from '../../ui/Tooltip.tsx'
import { duration, timeOfDay } from '../../ui/time.ts'
import type { Tone } from '../../ui/tone.ts'

export interface HealthProps {
  account: Pick<Account, 'id' | 'firstMessageAt' | 'canReply'>
  /** Undefined until it is known. */
  health: HealthState | undefined
}

export function Health({ account, health }: HealthProps) {
  const { t, i18n } = useLingui()
  const { locale } = i18n
  if (!account.canReply)
    return <Tag tone="warn" icon={<TriangleAlert aria-hidden />}>{t`Cannot answer: no Reply URL`}</Tag>
  if (health === undefined || health.state === 'idle' || health.state === 'unconfigured')
    return account.firstMessageAt === null ? (
      <Tag icon={<Clock aria-hidden />}>{t`Waits for its first message`}</Tag>
    ) : health ? (
      <Tag icon={<Moon aria-hidden />} title={t`Nothing was delivered in the last day.`}>{t`Idle`}</Tag>
    ) : null
  const { state, successPercent, p95Ms, lastFailure } = health
  const [word, tone, icon] = {
    ok: [t`OK`, 'ok', <Check key="" aria-hidden />],
    degraded: [t`Degraded`, 'warn', <TriangleAlert key="" aria-hidden />],
    failing: [t`Failing`, 'bad', <CircleAlert key="" aria-hidden />],
  }[state] as [string, Tone, ReactNode]
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const figures = [
    word,
    successPercent === null ? null : percent.format(successPercent / 100),
    p95Ms === null ? null : t`p95 ${duration(p95Ms, locale)}`,
  ].filter((part) => part !== null)
  const failed = lastFailure
    ? t`Last failure at ${timeOfDay(Date.parse(lastFailure.at), locale)}: ${lastFailure.reason}`
    : t`No failure is known.`
  return (
    <Tooltip text={failed}>
      <TextLink
        href={`/admin/accounts/${account.id}/deliveries?state=failed`}
        className="inline-flex min-h-6 max-w-full items-center no-underline"
      >
        <Tag tone={tone} icon={icon}>
          {figures.join(' · ')}
        </Tag>
      </TextLink>
    </Tooltip>
  )
}
