/** Where one is in the wizard: the steps by name, those behind as links. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { Check } from 'lucide-react'
import { PlainLink } from '../../ui/Button.tsx'
import { type Step, steps } from './draft.ts'

const words: Readonly<Record<Step, MessageDescriptor>> = {
  facebook: msg`Facebook`,
  page: msg`Page`,
  target: msg`Contact centre`,
  options: msg`Options`,
  test: msg`Test`,
}

export interface StepperProps {
  current: Step
  /** Whether one may go there. */
  isOpen: (step: Step) => boolean
}

export function Stepper({ current, isOpen }: StepperProps) {
  const { i18n, t } = useLingui()
  const at = steps.indexOf(current)
  return (
    <nav aria-label={t`Steps`}>
      <ol className="stepper">
        {steps.map((step, index) => {
          const isDone = index < at
          const inner = (
            <>
              <span className="stepper-mark" data-done={isDone || undefined}>
                {isDone ? <Check role="img" aria-label={t`Done`} /> : <span aria-hidden>{index + 1}</span>}
              </span>
              <span className="stepper-word">{i18n._(words[step])}</span>
            </>
          )
          return (
            <li key={step} data-current={index === at || undefined}>
              {index === at ? (
                <span className="stepper-step" aria-current="step">
                  {inner}
                </span>
              ) : isOpen(step) ? (
                <PlainLink href={`/connect?step=${step}`} className="stepper-step">
                  {inner}
                </PlainLink>
              ) : (
                <span className="stepper-step">{inner}</span>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
