/** Type to find a command or a thing, press Enter. Loaded on first use. */

import { useLingui } from '@lingui/react/macro'
import { Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete'
import { Dialog } from 'react-aria-components/Dialog'
import { Input } from 'react-aria-components/Input'
import { Menu } from 'react-aria-components/Menu'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { SearchField } from 'react-aria-components/SearchField'
import { MenuGroup } from './MenuBody.tsx'

export interface PaletteItem {
  id: string
  label: string
  description?: string
  icon?: ReactNode
  keys?: string
  /** Other words it answers to. */
  keywords?: string
  run: () => void
}

export interface PaletteProps {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  groups: readonly { title: string; items: readonly PaletteItem[] }[]
  /** Told what is typed, for groups that the server finds. */
  onSearch?: (text: string) => void
}

export function Palette({ isOpen, onOpenChange, groups, onSearch }: PaletteProps) {
  const { t } = useLingui()
  const { contains } = useFilter({ sensitivity: 'base' })
  const wordsOf = new Map(
    groups.flatMap(({ items }) => items.map((item) => [item.label, `${item.label} ${item.keywords ?? ''}`])),
  )
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable
      className="scrim"
      data-kind="palette"
    >
      <Modal className="dialog-box" data-size="medium">
        <Dialog aria-label={t`Commands`} className="dialog">
          <Autocomplete
            filter={(text, typed) => contains(wordsOf.get(text) ?? text, typed)}
            {...(onSearch ? { onInputChange: onSearch } : {})}
          >
            <SearchField autoFocus aria-label={t`Search or run a command`} className="palette-input">
              <Search aria-hidden className="text-text-3" />
              <Input className="input" placeholder={t`Search or run a command`} />
            </SearchField>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
            <section className="max-h-96 overflow-auto" aria-label={t`Commands`} tabIndex={0}>
              <Menu
                aria-label={t`Commands`}
                className="p-1 outline-none"
                onClose={() => onOpenChange(false)}
                onAction={() => onOpenChange(false)}
                renderEmptyState={() => <p className="hint p-3">{t`Nothing found`}</p>}
              >
                {groups
                  .filter(({ items }) => items.length > 0)
                  .map(({ title, items }) => (
                    <MenuGroup
                      key={title}
                      title={title}
                      items={items.map(({ run, keywords: _, ...item }) => ({ ...item, onAction: run }))}
                    />
                  ))}
              </Menu>
            </section>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
