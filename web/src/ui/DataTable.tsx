/** A table of rows that can be sorted, selected and opened. A plain HTML table: light, and known to every screen reader. */

import { useLingui } from '@lingui/react/macro'
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-aria-components/Link'
import { Checkbox } from './Choice.tsx'
import { Skeleton } from './Mark.tsx'

export interface Column<R> {
  id: string
  title: string
  cell: (row: R) => ReactNode
  /** `end` for numbers. */
  align?: 'end'
  isSortable?: boolean
  /** Any CSS width. */
  width?: string
  /** Hidden below 720. */
  priority?: 'low'
  /** For columns whose meaning shows without a title, such as actions. */
  isTitleHidden?: boolean
}

export interface Sort {
  column: string
  direction: 'ascending' | 'descending'
}

export interface DataTableProps<R, K extends string | number> {
  label: string
  columns: readonly Column<R>[]
  /** Undefined while loading. */
  rows: readonly R[] | undefined
  rowId: (row: R) => K
  /** What the row is called, for its checkbox. */
  rowName?: (row: R) => string
  rowHref?: (row: R) => string
  /** The row that is open beside the table. */
  current?: K
  sort?: Sort
  onSort?: (sort: Sort) => void
  selected?: ReadonlySet<K>
  onSelect?: (selected: Set<K>) => void
  empty?: ReactNode
}

export function DataTable<R, K extends string | number>({
  label,
  columns,
  rows,
  rowId,
  rowName,
  rowHref,
  current,
  sort,
  onSort,
  selected,
  onSelect,
  empty,
}: DataTableProps<R, K>) {
  const { t } = useLingui()
  if (rows?.length === 0 && empty) return <>{empty}</>
  const ids = rows?.map(rowId) ?? []
  const chosen = selected ?? new Set<K>()
  const count = ids.filter((id) => chosen.has(id)).length
  const choose = (id: K, isChosen: boolean) => {
    const next = new Set(chosen)
    if (isChosen) next.add(id)
    else next.delete(id)
    onSelect?.(next)
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="table-frame" aria-label={label} tabIndex={0}>
      <table className="data-table" aria-busy={rows === undefined}>
        <thead>
          <tr>
            {onSelect ? (
              <th className="cell-check">
                <Checkbox
                  aria-label={t`Select all`}
                  isSelected={ids.length > 0 && count === ids.length}
                  isIndeterminate={count > 0 && count < ids.length}
                  onChange={(all) =>
                    onSelect(
                      all
                        ? new Set([...chosen, ...ids])
                        : new Set([...chosen].filter((id) => !ids.includes(id))),
                    )
                  }
                />
              </th>
            ) : null}
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows === undefined ? <Waiting columns={columns.length + (onSelect ? 1 : 0)} /> : null}
          {rows?.map((row) => {
            const id = rowId(row)
            return (
              <tr
                key={id}
                {...(chosen.has(id) ? { 'data-selected': true } : {})}
                {...(current === id ? { 'data-current': true, 'aria-current': true } : {})}
              >
                {onSelect ? (
                  <td className="cell-check">
                    <Checkbox
                      aria-label={rowName ? t`Select ${rowName(row)}` : t`Select row`}
                      isSelected={chosen.has(id)}
                      onChange={(is) => choose(id, is)}
                    />
                  </td>
                ) : null}
                {columns.map((column, at) => (
                  <td
                    key={column.id}
                    data-align={column.align}
                    data-priority={column.priority}
                    className={at === 0 ? 'first' : undefined}
                  >
                    {at === 0 && rowHref ? (
                      <Link href={rowHref(row)} className="row-link">
                        {column.cell(row)}
                      </Link>
                    ) : (
                      column.cell(row)
                    )}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function Head<R>({
  column,
  sort,
  onSort,
}: {
  column: Column<R>
  sort: Sort | undefined
  onSort: ((sort: Sort) => void) | undefined
}) {
  const { id, title, align, priority, width, isSortable, isTitleHidden } = column
  const direction = sort?.column === id ? sort.direction : undefined
  const Arrow = direction === 'descending' ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      data-align={align}
      data-priority={priority}
      aria-sort={isSortable ? (direction ?? 'none') : undefined}
      style={width ? { width } : undefined}
    >
      {isSortable && onSort ? (
        <button
          type="button"
          className="sort"
          {...(direction ? { 'data-sorted': true } : {})}
          onClick={() =>
            onSort({ column: id, direction: direction === 'ascending' ? 'descending' : 'ascending' })
          }
        >
          {title}
          <Arrow aria-hidden />
        </button>
      ) : (
        <span className={isTitleHidden ? 'visually-hidden' : undefined}>{title}</span>
      )}
    </th>
  )
}

function Waiting({ columns }: { columns: number }) {
  return [...Array(5).keys()].map((row) => (
    <tr key={row}>
      {[...Array(columns).keys()].map((column) => (
        <td key={column}>
          <Skeleton width={`${80 - ((row * 17 + column * 11) % 40)}%`} />
        </td>
      ))}
    </tr>
  ))
}
