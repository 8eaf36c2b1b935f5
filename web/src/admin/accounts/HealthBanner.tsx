/** Stands over an account whose deliveries do not arrive: since when, why, and when the next one is tried. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Health } from '@patchbay/protocol/api/log.ts'
import { Banner } from '../../ui/Banner.tsx'
import { LinkButton } from '../../ui/Button.tsx'
import { Time } from '../../ui/Time.tsx'
import { logPath } from './deliveries/useLogAddress.ts'

export function HealthBanner({ accountId, health }: { accountId: number; health: Health | undefined }) {
  const { t } = useLingui()
  if (!health) return null
  const { breaker, alarm, pending, lastFailure } = health
  if (breaker.state === 'closed' && !alarm) return null
  const isOpen = breaker.state === 'open'
  return (
    <Banner
      tone={isOpen || alarm ? 'bad' : 'warn'}
      isInset
      action={
        <LinkButton
          size="small"
          href={`${logPath(accountId)}?state=${isOpen ? 'pending' : 'failed'}&direction=out`}
        >
          {isOpen ? <Trans>What waits</Trans> : <Trans>What failed</Trans>}
        </LinkButton>
      }
    >
      <p className="font-medium">
        {isOpen ? (
          <Trans>The Reply URL does not answer, so deliveries wait.</Trans>
        ) : breaker.state === 'ramping' ? (
          <Trans>The Reply URL answers again; deliveries go out slowly at first.</Trans>
        ) : (
          <Trans>Deliveries fail.</Trans>
        )}{' '}
        {breaker.since ? (
          <Trans>
            Since <Time value={breaker.since} style="stamp" />.
          </Trans>
        ) : alarm ? (
          <Trans>
            Since <Time value={alarm.since} style="stamp" />.
          </Trans>
        ) : null}
      </p>
      <p className="text-small" dir="auto">
        {alarm?.reason || lastFailure?.reason || t`No reason is known.`}
      </p>
      <p className="text-small">
        {isOpen && breaker.probeAt ? (
          <>
            <Trans>
              The next one is tried at <Time value={breaker.probeAt} style="stamp" />.
            </Trans>{' '}
          </>
        ) : null}
        {pending > 0 ? <Plural value={pending} one="# answer waits." other="# answers wait." /> : null}
      </p>
    </Banner>
  )
}
