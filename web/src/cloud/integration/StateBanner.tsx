/** What is the matter with an integration that does not simply work, why, and what to do. */

import { Trans, useLingui } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { Banner } from '../../ui/Banner.tsx'
import { LinkButton } from '../../ui/Button.tsx'
import { Time } from '../../ui/Time.tsx'
import { useSaid } from '../common/useSaid.ts'
import { ReconnectButton } from './ReconnectButton.tsx'

export function StateBanner({ integration }: { integration: Integration }) {
  const { t } = useLingui()
  const say = useSaid()
  const { state, stateReason, stateSince } = integration
  const since = <Time value={stateSince} style="long" />
  const reason = stateReason ? (
    <span className="block [overflow-wrap:anywhere]">{say(stateReason)}</span>
  ) : null
  const anew = (
    <LinkButton size="small" href="/connect">
      <Trans>Connect it anew</Trans>
    </LinkButton>
  )
  if (state === 'paused')
    return (
      <Banner tone="warn" isInset>
        <Trans>Paused {since}. Nothing is forwarded.</Trans>
      </Banner>
    )
  if (state === 'reconnect')
    return (
      <Banner tone="bad" isInset action={<ReconnectButton id={integration.id} label={t`Reconnect`} />}>
        <Trans>It stopped working {since}.</Trans>
        {reason}
      </Banner>
    )
  if (state === 'replaced')
    return (
      <Banner tone="info" isInset action={anew}>
        <Trans>The page was connected elsewhere {since}. This integration gets nothing any more.</Trans>
        {reason}
      </Banner>
    )
  if (state === 'disconnected')
    return (
      <Banner tone="info" isInset action={anew}>
        <Trans>Facebook ended the connection {since}.</Trans>
        {reason}
      </Banner>
    )
  return null
}
