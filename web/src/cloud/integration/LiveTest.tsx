/** Waits for a message and shows its way with times: from Facebook here, from here to the contact centre, and the answer back. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Time } from '../../ui/Time.tsx'
import { integrationQuery } from '../queries.ts'
import { freshHops } from './hops.ts'

const askEveryMs = 2_000

export function LiveTest({ integration }: { integration: Integration }) {
  const { t } = useLingui()
  // What was before the test began is none of it, by the cloud's own clock.
  const [before] = useState(integration.health)
  const now =
    useQuery({ ...integrationQuery(integration.id), refetchInterval: askEveryMs }).data ?? integration
  const { event, forwarded, reply } = freshHops(before, now.health)
  const { host } = now.target
  const failed = now.health.lastFailureAt !== before.lastFailureAt ? now.health.lastFailure : null
  const hops = [
    {
      id: 'event',
      at: event,
      done: t`Facebook told us of it`,
      waiting: t`Waiting for Facebook to tell us of it`,
    },
    {
      id: 'forwarded',
      at: forwarded,
      done: t`${host} took it`,
      waiting: t`Then it goes to ${host}`,
    },
    {
      id: 'reply',
      at: reply,
      done: t`An answer came from ${host}`,
      waiting: t`An agent’s answer comes back the same way`,
    },
  ]
  return (
    <>
      <p className="text-text-2">
        <Trans>
          Write to the page from an account at Facebook that does not administer it: what the page’s own
          people post is not forwarded.
        </Trans>
      </p>
      <div role="status">
        <ol className="timeline">
          {hops.map(({ id, at, done, waiting }) => (
            <li key={id} {...(at ? { 'data-tone': 'ok' } : {})}>
              <span className="min-w-0 flex-1">
                {at ? done : <span className="text-text-2">{waiting}</span>}
              </span>
              {at ? <Time value={at} style="stamp" className="text-small text-text-2" /> : null}
            </li>
          ))}
        </ol>
      </div>
      {failed ? <p className="text-bad-text">{failed}</p> : null}
    </>
  )
}
