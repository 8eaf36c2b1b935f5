/** What of the chosen page is connected: itself, or the Instagram account that is linked to it. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { FacebookPage, Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { RadioGroup } from '../../ui/Choice.tsx'
import { channelNames } from '../common/ChannelMark.tsx'
import { useSaid } from '../common/useSaid.ts'

export interface ChannelPickerProps {
  page: FacebookPage
  selected: Integration['kind']
  onSelect: (kind: Integration['kind']) => void
}

/** Whether it can be connected, and by whom it is. */
export function channelOf(page: FacebookPage, kind: Integration['kind']) {
  return kind === 'instagram' ? page.instagram : page
}

export function ChannelPicker({ page, selected, onSelect }: ChannelPickerProps) {
  const { t } = useLingui()
  const say = useSaid()
  const account = page.instagram.account?.username
  const words = {
    facebook: page.canWall ? t`Messenger, and posts and comments on the wall` : t`Messenger`,
    instagram: (
      <Trans>
        Direct messages to <bdi>@{account}</bdi>
      </Trans>
    ),
  }
  const kinds = ['facebook', 'instagram'] as const
  return (
    <div className="cards">
      <RadioGroup
        label={t`Which channel of the page?`}
        value={selected}
        onChange={(kind) => onSelect(kind === 'instagram' ? 'instagram' : 'facebook')}
        options={kinds.map((kind) => {
          const { usable, reason, connected } = channelOf(page, kind)
          return {
            id: kind,
            label: channelNames[kind],
            description: usable ? (
              <>
                {words[kind]}
                {connected ? <> · {t`already connected: will be replaced`}</> : null}
              </>
            ) : (
              reason && say(reason)
            ),
            isDisabled: !usable,
          }
        })}
      />
    </div>
  )
}
