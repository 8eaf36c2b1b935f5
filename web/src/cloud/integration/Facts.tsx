/** How an integration fares: what Meta granted, what came and went, what failed; and a check that looks anew. */

import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from '../../ui/Button.tsx'
import { Card, DescriptionList } from '../../ui/Page.tsx'
import { Time } from '../../ui/Time.tsx'
import { cloud } from '../api.ts'
import { Checks } from '../common/Checks.tsx'
import { Fault } from '../common/Fault.tsx'
import { usePermissionWords } from '../common/permission-words.ts'
import { useSaid } from '../common/useSaid.ts'
import { integrationQuery } from '../queries.ts'
import { ReconnectButton } from './ReconnectButton.tsx'

export function Facts({ integration, isLive }: { integration: Integration; isLive: boolean }) {
  const { t } = useLingui()
  const say = useSaid()
  const client = useQueryClient()
  const wordsOf = usePermissionWords()
  const { id, kind, health, state, linkedPage } = integration
  const check = useMutation({
    mutationFn: () => cloud('POST /api/integrations/:id/check', { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: integrationQuery(id).queryKey }),
  })
  const toldOf = [
    health.subscribedFields.includes('messages') ? t`messages` : null,
    kind === 'facebook' && health.subscribedFields.includes('feed') ? t`posts and comments` : null,
  ]
    .filter(Boolean)
    .join(', ')
  const ago = (at: string | null) => (at ? <Time value={at} style="long" /> : null)
  const granted = [
    {
      term: t`Token of the page`,
      value:
        state === 'reconnect' ? (
          <span className="text-bad-text">{t`The token of the page does not work`}</span>
        ) : health.tokenExpiresAt ? (
          <Trans>
            valid until <Time value={health.tokenExpiresAt} style="day" />
          </Trans>
        ) : health.tokenCheckedAt ? (
          t`does not expire`
        ) : null,
    },
    {
      term: t`Permissions`,
      value:
        health.missingPermissions.length > 0 ? (
          <span className="text-bad-text">
            <Trans>Missing: {health.missingPermissions.map(wordsOf).join('; ')}</Trans>
          </span>
        ) : (
          t`nothing missing`
        ),
    },
    {
      term: t`Meta tells us of`,
      value: toldOf || t`nothing`,
    },
  ]
  return (
    <Card
      title={t`Health`}
      meta={
        isLive ? (
          <Button size="small" isPending={check.isPending} onPress={() => check.mutate()}>
            <Trans>Check now</Trans>
          </Button>
        ) : null
      }
    >
      <Fault error={check.error} />
      {check.data ? (
        <div className="flex flex-col gap-3 border-b border-border pb-4">
          <Checks result={check.data} />
          {!check.data.ok && state !== 'reconnect' ? (
            <ReconnectButton id={id} label={t`Repair by reconnecting`} />
          ) : null}
        </div>
      ) : null}
      <DescriptionList
        items={[
          ...(linkedPage ? [{ term: t`Linked page`, value: linkedPage.name }] : []),
          // What ended holds nothing of it any more.
          ...(isLive ? granted : []),
          { term: t`Last event`, value: ago(health.lastEventAt) },
          { term: t`Last forwarded`, value: ago(health.lastForwardedAt) },
          { term: t`Last answer`, value: ago(health.lastReplyAt) },
          {
            term: t`Failed in a row`,
            value:
              health.failuresInRow > 0 ? (
                <span className="text-bad-text">
                  <Plural value={health.failuresInRow} one="# delivery" other="# deliveries" />
                </span>
              ) : (
                t`none`
              ),
          },
          {
            term: t`Last failure`,
            value: health.lastFailureAt ? (
              <>
                <Time value={health.lastFailureAt} style="long" />
                {health.lastFailure ? `: ${say(health.lastFailure)}` : null}
              </>
            ) : null,
          },
        ]}
      />
    </Card>
  )
}
