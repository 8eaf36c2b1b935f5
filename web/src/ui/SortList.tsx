/** A list of cards whose order is chosen, by buttons within each. */
import type { ReactNode } from 'react'

export interface SortListProps<T> {
  items: readonly T[]
  keyOf: (item: T) => string
  /** Stands out; words within say why. */
  isLit?: (item: T) => boolean
  children: (item: T, at: number) => ReactNode
}

export function SortList<T>({ items, keyOf, isLit, children }: SortListProps<T>) {
  return (
    <ol className="flex flex-col gap-3">
      {items.map((item, at) => (
        <li
          key={keyOf(item)}
          className="card flex flex-col gap-4 p-4"
          style={isLit?.(item) ? { borderColor: 'var(--accent)' } : undefined}
        >
          {children(item, at)}
        </li>
      ))}
    </ol>
  )
}
