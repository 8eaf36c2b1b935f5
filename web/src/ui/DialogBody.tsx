/** The open dialog or drawer. Loaded on first use. */
import { useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { IconButton } from './Button.tsx'
import type { DialogContent } from './Dialog.tsx'

export interface DialogBodyProps extends DialogContent {
  kind: 'dialog' | 'drawer'
  size?: string
  isDismissable?: boolean
  role?: 'dialog' | 'alertdialog'
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

export default function DialogBody({
  kind,
  title,
  children,
  footer,
  size = 'medium',
  isDismissable = true,
  role = 'dialog',
  isOpen,
  onOpenChange,
}: DialogBodyProps) {
  const { t } = useLingui()
  const close = () => onOpenChange(false)
  const filled = (part: DialogContent['children']) => (typeof part === 'function' ? part(close) : part)
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable={isDismissable}
      isKeyboardDismissDisabled={!isDismissable}
      className={kind === 'drawer' ? 'scrim drawer' : 'scrim'}
    >
      <Modal className={`${kind}-box`} data-size={size}>
        <Dialog className="dialog" role={role}>
          <div className="dialog-head">
            <Heading slot="title" className="flex-1 text-h3">
              {title}
            </Heading>
            {isDismissable ? <IconButton label={t`Close`} icon={<X aria-hidden />} onPress={close} /> : null}
          </div>
          <div className="dialog-body">{filled(children)}</div>
          {footer ? <div className="dialog-foot">{filled(footer)}</div> : null}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
