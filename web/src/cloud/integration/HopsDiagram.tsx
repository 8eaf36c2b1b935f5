/** The way of a message through the integration, both directions, with when it last was gone. */
import { useLingui } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { ArrowLeft, ArrowRight, Cable, type LucideIcon, Server } from 'lucide-react'
import type { ReactNode } from 'react'
import { Time } from '../../ui/Time.tsx'
import { ChannelMark, channelNames } from '../common/ChannelMark.tsx'

export function HopsDiagram({ integration }: { integration: Integration }) {
  const { t } = useLingui()
  const { health, kind, page, target, state } = integration
  return (
    <section className="card hops" aria-label={t`The way of a message`}>
      <Place icon={<ChannelMark kind={kind} />} name={channelNames[kind]} detail={page.name} />
      <Way
        isOff={state !== 'connected'}
        fault={state === 'reconnect' ? t`Has to be reconnected` : undefined}
        lines={[
          { icon: ArrowRight, word: t`Last event`, at: health.lastEventAt },
          { icon: ArrowLeft, word: t`Last answer`, at: health.lastReplyAt },
        ]}
      />
      <Place icon={<Cable aria-hidden />} name="Patchbay" detail={t`this site`} />
      <Way
        isOff={state !== 'connected'}
        fault={
          health.failuresInRow > 0
            ? t`Deliveries fail`
            : health.wrongSecretSince
              ? t`Has to be reconnected`
              : undefined
        }
        lines={[{ icon: ArrowRight, word: t`Last forwarded`, at: health.lastForwardedAt }]}
      />
      <Place
        icon={<Server aria-hidden />}
        name={target.serverName ?? t`Contact centre`}
        detail={target.host}
      />
    </section>
  )
}

function Place({ icon, name, detail }: { icon: ReactNode; name: string; detail: string }) {
  return (
    <div className="flex min-w-0 items-center gap-3">
      <span className="place-mark" aria-hidden>
        {icon}
      </span>
      <div className="min-w-0">
        <bdi className="block truncate font-medium">{name}</bdi>
        <bdi className="block truncate text-small text-text-2" title={detail}>
          {detail}
        </bdi>
      </div>
    </div>
  )
}

interface WayProps {
  lines: readonly { icon: LucideIcon; word: string; at: string | null }[]
  isOff: boolean
  /** What is the matter with it. */
  fault: string | undefined
}

function Way({ lines, isOff, fault }: WayProps) {
  const { t } = useLingui()
  return (
    <ul className="hops-way" data-tone={fault ? 'bad' : isOff ? undefined : 'ok'}>
      {lines.map(({ icon: Icon, word, at }) => (
        <li key={word} className="flex items-center gap-1 text-small text-text-2">
          <Icon aria-hidden className="size-[13px]! flip-rtl" />
          <span>{word}</span>
          {at ? (
            <Time value={at} className="text-text" />
          ) : (
            <span aria-label={t`never`} role="img">
              –
            </span>
          )}
        </li>
      ))}
      {fault ? <li className="text-small font-medium text-bad-text">{fault}</li> : null}
    </ul>
  )
}
