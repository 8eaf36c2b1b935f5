/** The card of something that can be connected. */
import type { ReactNode } from 'react'

export interface ConnectorProps {
  icon: ReactNode
  name: string
  children: ReactNode
  action: ReactNode
}

export function Connector({ icon, name, children, action }: ConnectorProps) {
  return (
    <article className="card flex flex-col gap-3 p-4">
      <div className="flex items-center gap-3">
        <span className="place-mark" aria-hidden>
          {icon}
        </span>
        <h3 className="text-h4">{name}</h3>
      </div>
      <p className="flex-1 text-text-2">{children}</p>
      {action ? <div>{action}</div> : null}
    </article>
  )
}
