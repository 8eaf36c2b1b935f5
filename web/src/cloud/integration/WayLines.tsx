/** The way of a message line by line, with its times; what is still to come is said in grey. */

import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Time } from '../../ui/Time.tsx'
import { duration } from '../../ui/time.ts'
import { useSaid } from '../common/useSaid.ts'
import type { Hop } from './way.ts'

/** The two ends between which a message goes, as they are called. */
interface Ends {
  host: string
  channel: string
}

export function WayLines({ hops, ...ends }: { hops: readonly Hop[] } & Ends) {
  const { i18n } = useLingui()
  const say = useSaid()
  return (
    <ol className="timeline">
      {hops.map((hop, place) => (
        // The order of a way does not change, and a step may come twice.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={place} {...(hop.isFailed ? { 'data-tone': 'bad' } : hop.at ? { 'data-tone': 'ok' } : {})}>
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            {hop.at || hop.id === 'untold' ? (
              <>
                <Done hop={hop} {...ends} />
                <span className="whitespace-nowrap text-text-2">
                  {after(hop, hops[place - 1], i18n.locale)}
                </span>
              </>
            ) : (
              <span className="text-text-2">
                <Waited id={hop.id} {...ends} />
              </span>
            )}
            {hop.reason ? <span className="block text-small text-text-2">{say(hop.reason)}</span> : null}
          </span>
          {hop.at ? <Time value={hop.at} style="stamp" className="text-small text-text-2" /> : null}
        </li>
      ))}
    </ol>
  )
}

/** How long the step took; nothing where the clocks of two sides disagree. */
function after({ at }: Hop, before: Hop | undefined, locale: string): string | null {
  const ms = at && before?.at ? Date.parse(at) - Date.parse(before.at) : -1
  return ms <= 0 ? null : ` · ${duration(ms, locale)}`
}

function Done({ hop, host, channel }: { hop: Hop } & Ends): ReactNode {
  const { t } = useLingui()
  const { queue, count } = hop
  if (hop.isFailed)
    return hop.id === 'sent' ? t`${channel} did not take the answer` : t`${host} did not take it`
  switch (hop.id) {
    case 'happened':
      return t`The customer wrote at ${channel}`
    case 'arrived':
      return t`${channel} told us of it`
    case 'taken':
      return t`${host} took it`
    case 'opened':
      return t`An interaction was opened`
    case 'reopened':
      return t`Its interaction was opened again`
    case 'stored':
      return t`The message was stored in it`
    case 'actions':
      return (
        <Trans>
          The account’s actions ran: <Plural value={count ?? 0} one="# step" other="# steps" />
        </Trans>
      )
    case 'queued':
      return queue ? (
        <Trans>
          It waits in <bdi>{queue}</bdi>
        </Trans>
      ) : (
        t`It waits for an agent`
      )
    case 'offered':
      return t`It was offered to an agent`
    case 'assigned':
      return t`An agent took it`
    case 'closed':
      return t`The interaction was closed`
    case 'untold':
      return t`${host} does not tell what became of it`
    case 'sent':
      return t`${channel} took the answer`
    default:
      return t`The answer came from ${host}`
  }
}

function Waited({ id, host, channel }: { id: Hop['id'] } & Ends) {
  const { t } = useLingui()
  switch (id) {
    case 'arrived':
      return t`Waiting for ${channel} to tell us of it`
    case 'taken':
      return t`Then it goes to ${host}`
    case 'opened':
      return t`There an interaction is opened`
    case 'queued':
      return t`The account’s actions bring it to a queue or its agents`
    case 'sent':
      return t`The answer goes to ${channel}`
    default:
      return t`An agent’s answer comes back the same way`
  }
}
