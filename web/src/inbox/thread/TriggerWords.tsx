/** What a trigger did, in one sentence. Fetched with the first one. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { ThreadItem } from '@patchbay/protocol/api/interactions.ts'

export default function TriggerWords({ data }: { data: NonNullable<ThreadItem['data']> }) {
  const { t, i18n } = useLingui()
  const { tags, queue, unmoved, failed } = data
  const name = <bdi>{data.trigger}</bdi>
  if (failed)
    return (
      <Trans>
        What trigger {name} called was given up: <bdi>{failed}</bdi>
      </Trans>
    )
  const words = {
    popup: t`shown to the agent`,
    'open-url': t`a page offered to the agent`,
    'web-request': t`a service called`,
    tag: tags ? t`tagged ${tags}` : '',
    queue: queue && !unmoved ? t`moved to ${queue}` : t`not moved`,
  }
  const did = (data.did ?? '').split(',').map((type) => words[type as keyof typeof words])
  const list = new Intl.ListFormat(i18n.locale, { type: 'unit' }).format(did.filter(Boolean))
  return data.held ? (
    <Trans>
      Trigger {name}: <bdi>{list}</bdi>. It fired very often, and rests here for some minutes
    </Trans>
  ) : (
    <Trans>
      Trigger {name}: <bdi>{list}</bdi>
    </Trans>
  )
}
