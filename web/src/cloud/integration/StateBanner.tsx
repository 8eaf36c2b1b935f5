/** What is the matter with an integration that does not simply work, why, and what to do. */

import { Trans, useLingui } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import type { CloudSaid } from '@patchbay/protocol/cloud-said.ts'
import { useQuery } from '@tanstack/react-query'
import { Banner } from '../../ui/Banner.tsx'
import { LinkButton } from '../../ui/Button.tsx'
import { Time } from '../../ui/Time.tsx'
import { useSaid } from '../common/useSaid.ts'
import { integrationsQuery } from '../queries.ts'
import { ReconnectButton } from './ReconnectButton.tsx'

export function StateBanner({ integration }: { integration: Integration }) {
  const { t } = useLingui()
  const say = useSaid()
  const { id, state, stateReason, stateSince, health } = integration
  const newer = useNewer(integration)
  const since = <Time value={stateSince} style="long" />
  const reason = (said: CloudSaid | null) =>
    said ? <span className="block [overflow-wrap:anywhere]">{say(said)}</span> : null
  const anew = (
    <LinkButton size="small" href="/connect">
      <Trans>Connect it anew</Trans>
    </LinkButton>
  )
  if (state === 'paused')
    return (
      <Banner tone="warn" isInset>
        <Trans>Paused {since}. What people write meanwhile is kept, and forwarded when you resume.</Trans>
      </Banner>
    )
  if (state === 'reconnect')
    return (
      <Banner tone="bad" isInset action={<ReconnectButton id={id} label={t`Reconnect`} />}>
        <Trans>It stopped working {since}.</Trans>
        {reason(stateReason)}
        <Trans>Answers wait until it is reconnected, and new messages may not come in.</Trans>
      </Banner>
    )
  if (state === 'replaced')
    return newer ? (
      <Banner
        tone="info"
        isInset
        action={
          <LinkButton size="small" href={`/integrations/${newer.id}`}>
            <Trans>Open the newer one</Trans>
          </LinkButton>
        }
      >
        <Trans>You connected it again {since}: the newer integration gets its messages.</Trans>
      </Banner>
    ) : (
      <Banner tone="info" isInset action={anew}>
        <Trans>It was connected again {since}: another integration gets its messages.</Trans>
      </Banner>
    )
  if (state === 'disconnected')
    return (
      <Banner tone="info" isInset action={anew}>
        <Trans>Meta ended the connection {since}.</Trans>
        {reason(stateReason)}
      </Banner>
    )
  if (health.missingPermissions.length > 0)
    return (
      <Banner tone="warn" isInset action={<ReconnectButton id={id} label={t`Reconnect`} />}>
        <Trans>It lacks permissions at Facebook. Reconnect it, and leave everything ticked.</Trans>
      </Banner>
    )
  if (health.wrongSecretSince)
    return (
      <Banner tone="bad" isInset action={<ReconnectButton id={id} label={t`Reconnect`} />}>
        {say(wrongSecret)}
      </Banner>
    )
  if (health.failuresInRow > 0 && health.lastFailureAt)
    return (
      <Banner
        tone="warn"
        isInset
        action={isOfSecret(health.lastFailure) ? <ReconnectButton id={id} label={t`Reconnect`} /> : null}
      >
        <Trans>
          Messages wait, last tried <Time value={health.lastFailureAt} style="long" />.
        </Trans>
        {reason(health.lastFailure)}
      </Banner>
    )
  return null
}

const wrongSecret: CloudSaid = { sentences: [{ code: 'wrong-secret', values: {} }], words: '' }

/** The account has another secret than we do, which reconnecting fetches. */
const isOfSecret = (failure: CloudSaid | null): boolean =>
  failure?.sentences.some(({ code }) => code === 'address-signed') ?? false

/** The integration of the same person that took the place of one that was replaced. */
function useNewer({ kind, page, state }: Integration): Integration | undefined {
  const { data } = useQuery({ ...integrationsQuery, enabled: state === 'replaced' })
  return data?.rows.find(
    (one) =>
      one.kind === kind &&
      one.page.id === page.id &&
      one.state !== 'replaced' &&
      one.state !== 'disconnected',
  )
}
