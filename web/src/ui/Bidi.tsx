/** Text of others inside our text: kept from turning its neighbours round in right-to-left languages. */
import type { ReactNode } from 'react'

/** A name in whatever direction it has. */
export function Name({ children }: { children: ReactNode }) {
  return <bdi>{children}</bdi>
}

/** Phone, e-mail, URL, id: always left to right. */
export function Id({
  children,
  isMono,
  className = '',
}: {
  children: ReactNode
  isMono?: boolean
  className?: string
}) {
  return (
    <bdi dir="ltr" className={isMono ? `font-mono ${className}` : className}>
      {children}
    </bdi>
  )
}

export function Phone({ children }: { children: string }) {
  return (
    <a href={`tel:${children.replace(/[^+\d]/g, '')}`} className="no-underline hover:underline">
      <Id>{children}</Id>
    </a>
  )
}
