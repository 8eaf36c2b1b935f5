/** A number that matters, with its target; plain while fine, coloured only when somebody should act. */
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-aria-components/Link'

export interface StatTileProps {
  label: string
  value: string
  /** “target 80 % in 60 s”. */
  target?: ReactNode
  tone?: 'warn' | 'bad'
  /** Which way it is off; the arrow is the second cue beside the colour. */
  trend?: 'up' | 'down'
  /** Values of the last while, oldest first. */
  history?: readonly number[]
  /** The list behind the number. */
  href?: string
}

export function StatTile({ label, value, target, tone, trend, history, href }: StatTileProps) {
  const body = (
    <>
      <span className="text-small text-text-2">{label}</span>
      <span className="tile-value">{value}</span>
      {target ? (
        <span className="flex items-center gap-1 text-small text-text-2">
          {trend === 'up' ? <ArrowUp aria-hidden className="size-[13px]" /> : null}
          {trend === 'down' ? <ArrowDown aria-hidden className="size-[13px]" /> : null}
          {target}
        </span>
      ) : null}
      {history ? <Sparkline values={history} /> : null}
    </>
  )
  const look = { className: 'tile', ...(tone ? { 'data-tone': tone } : {}) }
  return href ? (
    <Link href={href} {...look}>
      {body}
    </Link>
  ) : (
    <div {...look}>{body}</div>
  )
}

/** A line without axes; decoration beside the number, so it is hidden from screen readers. */
export function Sparkline({ values }: { values: readonly number[] }) {
  if (values.length < 2) return null
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const x = (at: number) => ((at / (values.length - 1)) * 100).toFixed(1)
  const y = (value: number) => (high === low ? 12 : 22 - ((value - low) / (high - low)) * 20).toFixed(1)
  return (
    <svg className="sparkline mt-1" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden>
      <path d={values.map((value, at) => `${at === 0 ? 'M' : 'L'}${x(at)} ${y(value)}`).join('')} />
    </svg>
  )
}
