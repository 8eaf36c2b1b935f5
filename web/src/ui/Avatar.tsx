/** Somebody in a circle, or something in a square, with an optional channel glyph at the corner. */
import { memo, type ReactNode } from 'react'
import { hueOf, initialsOf } from './hue.ts'
import { variables } from './Mark.tsx'

export interface AvatarProps {
  name: string
  size?: 24 | 28 | 32 | 36 | 48
  /** A monochrome glyph, such as the channel's. */
  badge?: ReactNode
  /** In place of initials; makes the square shape sensible. */
  icon?: ReactNode
  shape?: 'round' | 'square'
  /** When the name is not written beside it. */
  isNamed?: boolean
}

/** Costs little while it stays the same, so keep a `badge` outside what draws it. */
export const Avatar = memo(function Avatar({
  name,
  size = 36,
  badge,
  icon,
  shape = 'round',
  isNamed = false,
}: AvatarProps) {
  const words = isNamed ? { role: 'img', 'aria-label': name, title: name } : { 'aria-hidden': true }
  return (
    <span
      className="avatar"
      data-shape={shape}
      style={variables({ '--hue': hueOf(name), '--avatar': `${size}px` })}
      {...words}
    >
      {icon ?? <span className="avatar-letters" data-letters={initialsOf(name)} />}
      {badge ? <span className="avatar-badge">{badge}</span> : null}
    </span>
  )
})
