/** What pages are made of: page, head, card, list of terms, empty state. */
import type { ReactNode } from 'react'

export function Page({ children, isNarrow }: { children: ReactNode; isNarrow?: boolean }) {
  return <div className={`page ${isNarrow ? 'max-w-[760px]' : ''}`}>{children}</div>
}

export interface PageHeaderProps {
  title: ReactNode
  /** Stands before the title: an avatar or icon. */
  icon?: ReactNode
  /** Tags after the title. */
  tags?: ReactNode
  /** Buttons, the primary one last. */
  actions?: ReactNode
  /** One sentence below. */
  description?: ReactNode
  /** `TabLinks` of this page. */
  tabs?: ReactNode
}

export function PageHeader({ title, icon, tags, actions, description, tabs }: PageHeaderProps) {
  return (
    <header className="flex flex-col gap-3">
      <div className="page-head">
        {icon}
        <h1 className="min-w-0 text-h1">
          <bdi>{title}</bdi>
        </h1>
        {tags}
        {actions ? <div className="page-actions">{actions}</div> : null}
      </div>
      {description ? <p className="max-w-[640px] text-text-2">{description}</p> : null}
      {tabs}
    </header>
  )
}

export interface CardProps {
  title?: ReactNode
  /** At the end of the head: a count, a tag, small buttons. */
  meta?: ReactNode
  children: ReactNode
  /** Without inner padding, for tables and lists. */
  isFlush?: boolean
  className?: string
}

export function Card({ title, meta, children, isFlush, className = '' }: CardProps) {
  return (
    <section className={`card ${className}`}>
      {title ? (
        <div className="card-head">
          <h2 className="min-w-0 flex-1 text-h4">{title}</h2>
          <div className="flex flex-none items-center gap-2 text-small text-text-2">{meta}</div>
        </div>
      ) : null}
      {isFlush ? children : <div className="card-body">{children}</div>}
    </section>
  )
}

/** Pairs without a value show a dash. */
export function DescriptionList({ items }: { items: readonly { term: string; value: ReactNode }[] }) {
  return (
    <dl className="terms">
      {items.map(({ term, value }) => (
        <div key={term} className="contents">
          <dt>{term}</dt>
          <dd>
            {value === null || value === undefined || value === '' ? (
              <span className="text-text-3">–</span>
            ) : (
              <bdi>{value}</bdi>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

export interface EmptyStateProps {
  icon?: ReactNode
  /** What is not there. */
  title: string
  /** Why, and what would fill it. */
  children?: ReactNode
  /** One button. */
  action?: ReactNode
}

export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="empty">
      {icon}
      <p className="text-h4">{title}</p>
      {children ? <div className="max-w-[400px] text-text-2">{children}</div> : null}
      {action ? <div className="mt-3">{action}</div> : null}
    </div>
  )
}
