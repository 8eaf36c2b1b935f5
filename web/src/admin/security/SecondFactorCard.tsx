/** One's own second factor: turning it on, new recovery codes, turning it off. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { Failed } from '../../shell/Failed.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { SkeletonLines, Tag } from '../../ui/Mark.tsx'
import { Card } from '../../ui/Page.tsx'
import { Time } from '../../ui/Time.tsx'
import { NewCodesDialog } from './NewCodesDialog.tsx'
import { secondFactorQuery } from './queries.ts'
import { TurnOffDialog } from './TurnOffDialog.tsx'
import { TurnOnDialog } from './TurnOnDialog.tsx'

const FEW_CODES = 3

export function SecondFactorCard() {
  const { t } = useLingui()
  const factor = useQuery(secondFactorQuery)
  return (
    <Card
      title={t`Second factor`}
      meta={
        factor.data ? (
          <Tag tone={factor.data.on ? 'ok' : 'neutral'}>{factor.data.on ? t`On` : t`Off`}</Tag>
        ) : null
      }
    >
      {factor.isError ? (
        <Failed error={factor.error} onRetry={() => void factor.refetch()} />
      ) : !factor.data ? (
        <SkeletonLines lines={3} />
      ) : factor.data.on ? (
        <>
          <p className="text-text-2">
            <Trans>
              Signing in takes your password and a code of your authenticator. On since{' '}
              <Time value={factor.data.since ?? ''} style="day" />.
            </Trans>
          </p>
          {factor.data.recoveryCodesLeft <= FEW_CODES ? (
            <Banner tone="warn" isInset>
              <Trans>Recovery codes left: {factor.data.recoveryCodesLeft}. Make new ones in time.</Trans>
            </Banner>
          ) : (
            <p className="text-text-2">
              <Trans>Recovery codes left: {factor.data.recoveryCodesLeft}.</Trans>
            </p>
          )}
          <div className="flex flex-wrap gap-2">
            <NewCodesDialog />
            {factor.data.required ? null : <TurnOffDialog />}
          </div>
          {factor.data.required ? (
            <p className="text-small text-text-2">
              <Trans>Your role needs it, so it stays on.</Trans>
            </p>
          ) : null}
        </>
      ) : (
        <>
          <p className="text-text-2">
            <Trans>
              With it a stolen password alone opens nothing: signing in also takes a code from your phone.
              Programs that call with your password need an API key from then on.
            </Trans>
          </p>
          <TurnOnDialog
            trigger={
              <Button className="self-start" variant="primary" icon={<ShieldCheck aria-hidden />}>
                <Trans>Turn it on…</Trans>
              </Button>
            }
          />
        </>
      )}
    </Card>
  )
}
