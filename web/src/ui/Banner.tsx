/** A state of the page that stays until it is over: icon, sentence, at most one action. */
import type { ReactNode } from 'react'
import { type Tone, toneIcons } from './tone.ts'

export interface BannerProps {
  tone: Exclude<Tone, 'neutral' | 'accent'>
  children: ReactNode
  action?: ReactNode
  /** Rounded, for use inside a card or form. */
  isInset?: boolean
  icon?: ReactNode
}

export function Banner({ tone, children, action, isInset, icon }: BannerProps) {
  const Icon = toneIcons[tone]
  return (
    <div
      className="banner"
      data-tone={tone}
      role={tone === 'bad' ? 'alert' : 'status'}
      {...(isInset ? { 'data-inset': true } : {})}
    >
      {icon ?? <Icon aria-hidden />}
      <div className="banner-text">{children}</div>
      {action}
    </div>
  )
}
