/** A small surface beside the button that opened it. */
import { lazy, type ReactNode, Suspense } from 'react'
import { patient } from './patient.ts'
import { type OpenState, type TriggerElement, useOpener } from './useOpener.tsx'

const PopoverBody = lazy(patient(() => import('./PopoverBody.tsx')))

export interface PopoverProps extends OpenState {
  label: string
  /** One of our buttons. */
  trigger: TriggerElement
  children: ReactNode | ((close: () => void) => ReactNode)
  placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end'
}

export function Popover({ trigger: element, isOpen: given, onOpenChange, ...content }: PopoverProps) {
  const { trigger, isOpen, setOpen, wasOpened, anchor } = useOpener('dialog', element, {
    isOpen: given,
    onOpenChange,
  })
  return (
    <>
      {trigger}
      <Suspense>
        {wasOpened ? (
          <PopoverBody {...content} anchor={anchor} isOpen={isOpen} onOpenChange={setOpen} />
        ) : null}
      </Suspense>
    </>
  )
}
