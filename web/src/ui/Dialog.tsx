/** Dialogs in the middle, drawers at the end side, and the question before something is destroyed. */

import { Trans, useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { type ReactElement, type ReactNode, useState } from 'react'
import { DialogTrigger, Dialog as KitDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Button, IconButton } from './Button.tsx'
import { TextField } from './TextField.tsx'

export interface DialogProps {
  title: string
  children: ReactNode | ((close: () => void) => ReactNode)
  /** Buttons at the bottom, the main one last. */
  footer?: ReactNode | ((close: () => void) => ReactNode)
  /** Either a button that opens it, or `isOpen` with `onOpenChange`. */
  trigger?: ReactElement
  isOpen?: boolean
  onOpenChange?: (isOpen: boolean) => void
  size?: 'small' | 'medium' | 'large'
  /** `false`: only its own buttons close it, for what is shown once. */
  isDismissable?: boolean
  role?: 'dialog' | 'alertdialog'
}

export function Dialog({
  trigger,
  size = 'medium',
  isDismissable = true,
  isOpen,
  onOpenChange,
  ...content
}: DialogProps) {
  const state = { ...(isOpen === undefined ? {} : { isOpen }), ...(onOpenChange ? { onOpenChange } : {}) }
  const overlay = (
    <ModalOverlay
      {...(trigger ? {} : state)}
      isDismissable={isDismissable}
      isKeyboardDismissDisabled={!isDismissable}
      className="scrim"
    >
      <Modal className="dialog-box" data-size={size}>
        <Content {...content} canClose={isDismissable} />
      </Modal>
    </ModalOverlay>
  )
  if (!trigger) return overlay
  return (
    <DialogTrigger {...state}>
      {trigger}
      {overlay}
    </DialogTrigger>
  )
}

export interface DrawerProps extends Omit<DialogProps, 'size' | 'isDismissable' | 'role'> {
  /** 344, 480 or 720 wide. */
  size?: 'panel' | 'medium' | 'large'
}

export function Drawer({ trigger, size = 'medium', isOpen, onOpenChange, ...content }: DrawerProps) {
  const state = { ...(isOpen === undefined ? {} : { isOpen }), ...(onOpenChange ? { onOpenChange } : {}) }
  const overlay = (
    <ModalOverlay {...(trigger ? {} : state)} isDismissable className="scrim drawer">
      <Modal className="drawer-box" data-size={size}>
        <Content {...content} canClose />
      </Modal>
    </ModalOverlay>
  )
  if (!trigger) return overlay
  return (
    <DialogTrigger {...state}>
      {trigger}
      {overlay}
    </DialogTrigger>
  )
}

function Content({
  title,
  children,
  footer,
  canClose,
  role = 'dialog',
}: Pick<DialogProps, 'title' | 'children' | 'footer' | 'role'> & { canClose: boolean }) {
  const { t } = useLingui()
  return (
    <KitDialog className="dialog" role={role}>
      {({ close }) => (
        <>
          <div className="dialog-head">
            <Heading slot="title" className="flex-1 text-h3">
              {title}
            </Heading>
            {canClose ? <IconButton label={t`Close`} icon={<X aria-hidden />} onPress={close} /> : null}
          </div>
          <div className="dialog-body">{typeof children === 'function' ? children(close) : children}</div>
          {footer ? (
            <div className="dialog-foot">{typeof footer === 'function' ? footer(close) : footer}</div>
          ) : null}
        </>
      )}
    </KitDialog>
  )
}

export interface ConfirmProps {
  title: string
  /** What it does and whom it concerns: “12 agents, 3 queues use it.” */
  children: ReactNode
  /** The verb on the button. */
  confirm: string
  onConfirm: () => unknown
  /** The name that must be typed first. */
  typeToConfirm?: string
  isHarmless?: boolean
  trigger?: ReactElement
  isOpen?: boolean
  onOpenChange?: (isOpen: boolean) => void
}

/** Stays open when `onConfirm` fails, so the caller can show why. */
export function Confirm({ children, confirm, onConfirm, typeToConfirm, isHarmless, ...props }: ConfirmProps) {
  const [typed, setTyped] = useState('')
  const [isPending, setPending] = useState(false)
  const run = async (close: () => void) => {
    setPending(true)
    try {
      await onConfirm()
      setTyped('')
      close()
    } finally {
      setPending(false)
    }
  }
  return (
    <Dialog
      {...props}
      size="small"
      role="alertdialog"
      footer={(close) => (
        <>
          <Button size="large" onPress={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button
            size="large"
            variant={isHarmless ? 'primary' : 'danger'}
            isPending={isPending}
            isDisabled={typeToConfirm !== undefined && typed !== typeToConfirm}
            onPress={() => void run(close)}
          >
            {confirm}
          </Button>
        </>
      )}
    >
      <div className="flex flex-col gap-4 text-text-2">
        <div>{children}</div>
        {typeToConfirm === undefined ? null : (
          <TypedName name={typeToConfirm} value={typed} onChange={setTyped} />
        )}
      </div>
    </Dialog>
  )
}

function TypedName({
  name,
  value,
  onChange,
}: {
  name: string
  value: string
  onChange: (value: string) => void
}) {
  const { t } = useLingui()
  return (
    <TextField
      autoFocus
      label={t`Type “${name}” to confirm`}
      value={value}
      onChange={onChange}
      autoComplete="off"
    />
  )
}
