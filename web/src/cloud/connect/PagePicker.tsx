/** The pages of a person at Facebook to choose one of: searched by name, and those that cannot be chosen with the reason. */

import { Trans, useLingui } from '@lingui/react/macro'
import type { FacebookPage } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useState } from 'react'
import { RadioGroup } from '../../ui/Choice.tsx'
import { found } from '../../ui/found.ts'
import { SearchField } from '../../ui/SearchField.tsx'
import { channelNames } from '../common/ChannelMark.tsx'
import { useSaid } from '../common/useSaid.ts'

export interface PagePickerProps {
  pages: readonly FacebookPage[]
  selected: string | null
  onSelect: (page: FacebookPage) => void
}

/** Itself, or the account that is linked to it. */
export const canConnect = ({ usable, instagram }: FacebookPage) => usable || instagram.usable

/** Fewer are seen at a glance. */
const searchedFrom = 7

export function PagePicker({ pages, selected, onSelect }: PagePickerProps) {
  const { t } = useLingui()
  const [text, setText] = useState('')
  const options = pages
    .toSorted((one, other) => Number(canConnect(other)) - Number(canConnect(one)))
    .map((page) => ({
      id: page.id,
      label: page.name,
      description: <Facts page={page} />,
      isDisabled: !canConnect(page),
    }))
  const shown = found(options, text)
  return (
    <div className="flex flex-col gap-3">
      {pages.length >= searchedFrom ? (
        <SearchField label={t`Search your pages`} value={text} onChange={setText} />
      ) : null}
      <div className="cards max-h-[420px] overflow-y-auto p-1 -m-1">
        <RadioGroup
          label={t`Pages`}
          isLabelHidden
          value={selected}
          onChange={(id) => {
            const page = pages.find((one) => one.id === id)
            if (page) onSelect(page)
          }}
          options={shown}
        />
      </div>
      <p role="status" className="text-text-2 empty:hidden">
        {shown.length === 0 ? <Trans>No page is called so.</Trans> : null}
      </p>
    </div>
  )
}

function Facts({ page }: { page: FacebookPage }) {
  const { t } = useLingui()
  const say = useSaid()
  if (page.reason && !canConnect(page)) return say(page.reason)
  const alreadyOf = ({ connected, instagram }: FacebookPage) => {
    // Where there is one channel alone, it is the one that will be chosen.
    if (!instagram.usable) return connected ? t`already connected: will be replaced` : null
    const names = [connected && channelNames.facebook, instagram.connected && channelNames.instagram]
    const channels = names.filter(Boolean).join(', ')
    return channels ? t`already connected: ${channels}` : null
  }
  const facts = [
    page.category,
    page.isAdmin ? t`you administer it` : t`you may answer and moderate`,
    page.usable && !page.canWall ? t`messages only: the wall was not allowed` : null,
    page.instagram.account ? `Instagram: @${page.instagram.account.username}` : null,
    alreadyOf(page),
  ]
  return facts.filter(Boolean).join(' · ')
}
