/** A list of cards whose order is chosen, by buttons within each, and by a handle where there is one. */
import { useLingui } from '@lingui/react/macro'
import { GripVertical } from 'lucide-react'
import { type CSSProperties, type ReactNode, useRef } from 'react'
import { useFocusKept } from './useFocusKept.ts'
import { useHandle } from './useHandle.ts'

export interface SortListProps<T> {
  items: readonly T[]
  keyOf: (item: T) => string
  /** Stands out; words within say why. */
  isLit?: (item: T) => boolean
  /** Gives every card a handle to drag it by; `to` is the place before which it comes. */
  drag?: { nameOf: (item: T, at: number) => string; onMove: (from: number, to: number) => void }
  /** Places the handle, where it was given one. */
  children: (item: T, at: number, handle: ReactNode) => ReactNode
}

export function SortList<T>({ items, keyOf, isLit, drag, children }: SortListProps<T>) {
  const { t } = useLingui()
  const list = useRef<HTMLOListElement>(null)
  const handle = useHandle(list, items.length, (from, to) => drag?.onMove(from, to))
  const { held } = handle
  const kept = useFocusKept(list, items.map(keyOf).join(' '))
  const styleOf = (item: T, at: number): CSSProperties => ({
    ...(isLit?.(item) && { borderColor: 'var(--accent)' }),
    ...(held && held.from === at && { opacity: 0.6 }),
    ...(held && held.to === at && { boxShadow: '0 -3px 0 var(--accent)' }),
    ...(held &&
      held.to === items.length &&
      at === items.length - 1 && { boxShadow: '0 3px 0 var(--accent)' }),
  })
  return (
    <>
      <ol ref={list} className="flex flex-col gap-3" {...kept}>
        {items.map((item, at) => (
          <li key={keyOf(item)} className="card flex flex-col gap-4 p-4" style={styleOf(item, at)}>
            {children(
              item,
              at,
              drag && (
                <button
                  type="button"
                  className="icon-button flex-none"
                  style={{ cursor: 'grab', touchAction: 'none' }}
                  aria-label={t`Drag ${drag.nameOf(item, at)}, or press the arrow keys`}
                  {...handle.propsOf(at)}
                >
                  <GripVertical aria-hidden />
                </button>
              ),
            )}
          </li>
        ))}
      </ol>
      <p role="status" className="visually-hidden">
        {handle.movedTo === undefined ? '' : t`Place ${handle.movedTo + 1} of ${items.length}`}
      </p>
    </>
  )
}
