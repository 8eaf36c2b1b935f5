/** A list of cards whose order is chosen, by buttons within each. */
import type { ReactNode } from 'react'

export interface SortListProps<T> {
  items: readonly T[]
  keyOf: (item: T) => string
  children: (item: T, at: number) => ReactNode
}

export function SortList<T>({ items, keyOf, children }: SortListProps<T>) {
  return (
    <ol className="flex flex-col gap-3">
      {items.map((item, at) => (
        <li key={keyOf(item)} className="card flex flex-col gap-4 p-4">
          {children(item, at)}
        </li>
      ))}
    </ol>
  )
}
