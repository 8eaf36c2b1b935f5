/** One step of the wizard: what it is about, and the ways on and back. */
import type { ReactNode } from 'react'
import { Card } from '../../ui/Page.tsx'

export interface StepCardProps {
  title: string
  children: ReactNode
  /** Buttons, the main one last. */
  actions: ReactNode
}

export function StepCard({ title, children, actions }: StepCardProps) {
  return (
    <Card title={title}>
      {children}
      {actions ? (
        <div className="flex flex-wrap justify-end gap-2 border-t border-border pt-4">{actions}</div>
      ) : null}
    </Card>
  )
}
