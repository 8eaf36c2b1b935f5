/** Tags that belong to something, removable by press or Delete. */

import { useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Tag as KitTag, TagList as KitTagList, TagGroup } from 'react-aria-components/TagGroup'

export interface TagListProps<K extends string | number> {
  /** Read aloud before the tags. */
  label: string
  items: readonly { id: K; label: string }[]
  onRemove?: (id: K) => void
}

export function TagList<K extends string | number>({ label, items, onRemove }: TagListProps<K>) {
  const { t } = useLingui()
  return (
    <TagGroup
      aria-label={label}
      {...(onRemove
        ? {
            onRemove: (keys) => {
              for (const { id } of items) if (keys.has(id)) onRemove(id)
            },
          }
        : {})}
    >
      <KitTagList className="tags">
        {items.map((item) => (
          <KitTag key={item.id} id={item.id} textValue={item.label} className="tag">
            <bdi className="tag-text">{item.label}</bdi>
            {onRemove ? (
              <Button slot="remove" className="tag-remove" aria-label={t`Remove ${item.label}`}>
                <X aria-hidden />
              </Button>
            ) : null}
          </KitTag>
        ))}
      </KitTagList>
    </TagGroup>
  )
}
