/** Small marks: tag, badge, dot, skeleton, progress, slots. Colour never speaks alone: give words or an icon. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { CSSProperties, ReactNode } from 'react'
import type { Tone } from './tone.ts'

export interface TagProps {
  children: ReactNode
  tone?: Tone
  icon?: ReactNode
  title?: string
}

export function Tag({ children, tone = 'neutral', icon, title }: TagProps) {
  return (
    <span className="tag" data-tone={tone} title={title}>
      {icon}
      <span className="tag-text">{children}</span>
    </span>
  )
}

/** `label` says in words what is counted: “2 unread”. */
export function Badge({
  count,
  label,
  tone = 'accent',
}: {
  count: number
  label: string
  tone?: 'accent' | 'bad' | 'neutral'
}) {
  if (count <= 0) return null
  return (
    <span className="badge" data-tone={tone}>
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className="visually-hidden">{label}</span>
    </span>
  )
}

/** Always beside a word. */
export function Dot({ tone }: { tone: Tone }) {
  return <span className="dot" data-tone={tone} aria-hidden />
}

/** Shown only when waiting takes longer than 200 ms. */
export function Skeleton({ width = '100%', height = 12 }: { width?: number | string; height?: number }) {
  return <span className="skeleton" aria-hidden style={{ width, height }} />
}

/** Lines in place of text that is on its way. */
export function SkeletonLines({ lines = 3 }: { lines?: number }) {
  return (
    <div className="flex flex-col gap-3 py-1" role="status">
      <span className="visually-hidden">
        <Trans>Loading</Trans>
      </span>
      {[...Array(lines).keys()].map((line) => (
        <Skeleton key={line} width={`${90 - ((line * 23) % 50)}%`} />
      ))}
    </div>
  )
}

export interface ProgressProps {
  label: string
  /** 0 to 1. */
  value: number
  tone?: Tone
}

export function Progress({ label, value, tone = 'accent' }: ProgressProps) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100)
  return (
    <span
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      data-tone={tone}
    >
      <span className="progress-fill" style={{ width: `${percent}%` }} />
    </span>
  )
}

/** How many places are taken; above eight a number says it better. */
export function Slots({ used, capacity }: { used: number; capacity: number }) {
  const { t } = useLingui()
  const words = t`${used} of ${capacity} slots used`
  if (capacity > 8) {
    return (
      <span className="tabular text-small text-text-2" role="img" aria-label={words} title={words}>
        {used}/{capacity}
      </span>
    )
  }
  return (
    <span className="slots" role="img" aria-label={words} title={words}>
      {[...Array(capacity).keys()].map((slot) => (
        <i key={slot} {...(slot < used ? { 'data-used': true } : {})} />
      ))}
    </span>
  )
}

/** Custom properties for a `style` attribute, which React's type does not know. */
export function variables(values: Record<`--${string}`, string | number>): CSSProperties {
  return values
}
