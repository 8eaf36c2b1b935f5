/** Dialogs in the middle, and drawers at the end side. */
import { lazy, type ReactNode, Suspense } from 'react'
import { patient } from './patient.ts'
import { type OpenState, type TriggerElement, useOpener } from './useOpener.tsx'

const DialogBody = lazy(patient(() => import('./DialogBody.tsx')))

export interface DialogContent {
  title: string
  children: ReactNode | ((close: () => void) => ReactNode)
  /** Buttons at the bottom, the main one last. */
  footer?: ReactNode | ((close: () => void) => ReactNode)
}

export interface DialogProps extends DialogContent, OpenState {
  /** One of our buttons, or `isOpen` with `onOpenChange`. */
  trigger?: TriggerElement
  /** 400, 480 or 720 wide. */
  size?: 'small' | 'medium' | 'large'
  /** `false`: only its own buttons close it, for what is shown once. */
  isDismissable?: boolean
  role?: 'dialog' | 'alertdialog'
}

export function Dialog({ trigger, isOpen, onOpenChange, ...content }: DialogProps) {
  return <Opened kind="dialog" element={trigger} state={{ isOpen, onOpenChange }} {...content} />
}

export interface DrawerProps extends DialogContent, OpenState {
  trigger?: TriggerElement
  /** 344, 480 or 720 wide. */
  size?: 'panel' | 'medium' | 'large'
}

export function Drawer({ trigger, isOpen, onOpenChange, ...content }: DrawerProps) {
  return <Opened kind="drawer" element={trigger} state={{ isOpen, onOpenChange }} {...content} />
}

type OpenedProps = DialogContent & {
  kind: 'dialog' | 'drawer'
  size?: string
  isDismissable?: boolean
  role?: 'dialog' | 'alertdialog'
  element: TriggerElement | undefined
  state: OpenState
}

function Opened({ element, state, ...content }: OpenedProps) {
  const { trigger, isOpen, setOpen, wasOpened } = useOpener('dialog', element, state)
  return (
    <>
      {trigger}
      <Suspense>
        {wasOpened ? <DialogBody {...content} isOpen={isOpen} onOpenChange={setOpen} /> : null}
      </Suspense>
    </>
  )
}
