/** A place in the rail, which becomes the bottom bar on narrow screens; there the word stands below the icon. */
import type { ReactNode } from 'react'
import { Link } from 'react-aria-components/Link'
import { Tooltip } from './Tooltip.tsx'

export interface NavItemProps {
  href: string
  label: string
  icon: ReactNode
  isCurrent: boolean
  keys?: string
  /** A red dot: something there wants attention. The words are read aloud. */
  mark?: string
}

export function NavItem({ href, label, icon, isCurrent, keys, mark }: NavItemProps) {
  return (
    <Tooltip text={label} placement="end" {...(keys ? { keys } : {})}>
      <Link href={href} className="nav-item" {...(isCurrent ? { 'aria-current': 'page' } : {})}>
        {icon}
        <span className="nav-word">{label}</span>
        {mark ? (
          <span className="nav-mark">
            <span className="visually-hidden">{mark}</span>
          </span>
        ) : null}
      </Link>
    </Tooltip>
  )
}
