/** One step of a check list: its number, and a tick once it is done. */
import { useLingui } from '@lingui/react/macro'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'

export interface StepProps {
  number: number
  title: string
  isDone: boolean
  children: ReactNode
}

export function Step({ number, title, isDone, children }: StepProps) {
  const { t } = useLingui()
  return (
    <li className="step" data-step={number} {...(isDone ? { 'data-done': true } : {})}>
      <span className="step-mark" {...(isDone ? { 'data-done': true } : {})}>
        {isDone ? <Check role="img" aria-label={t`Done`} /> : <span aria-hidden>{number}</span>}
      </span>
      <div className="flex min-w-0 flex-col gap-2">
        <h3 className="pt-1 text-h4">{title}</h3>
        {children}
      </div>
    </li>
  )
}
