/** A dialog around one form, whose button says while it is being sent that it is; sent twice meanwhile, it goes once. */
import { Trans } from '@lingui/react/macro'
import { type ReactNode, useId, useState } from 'react'
import type { FieldValues, UseFormReturn } from 'react-hook-form'
import { Button } from '../../ui/Button.tsx'
import { Dialog, type DialogProps } from '../../ui/Dialog.tsx'
import { FormFault } from './FormFault.tsx'

/** What the form inside must know of the dialog around it. */
export interface Frame {
  id: string
  close: () => void
  setPending: (isPending: boolean) => void
}

export interface FormDialogProps extends Omit<DialogProps, 'children' | 'footer'> {
  /** On the button that sends; without, “Save”. */
  confirm?: string
  children: (frame: Frame) => ReactNode
}

export function FormDialog({ confirm, children, ...dialog }: FormDialogProps) {
  const id = useId()
  const [isPending, setPending] = useState(false)
  return (
    <Dialog
      {...dialog}
      footer={(close) => (
        <>
          <Button size="large" onPress={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button size="large" variant="primary" type="submit" form={id} isPending={isPending}>
            {confirm ?? <Trans>Save</Trans>}
          </Button>
        </>
      )}
    >
      {(close) => children({ id, close, setPending })}
    </Dialog>
  )
}

export interface DialogFormProps<T extends FieldValues> {
  frame: Frame
  form: UseFormReturn<T>
  onSubmit: () => Promise<void>
  children: ReactNode
}

export function DialogForm<T extends FieldValues>({ frame, form, onSubmit, children }: DialogFormProps<T>) {
  return (
    <form
      id={frame.id}
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        frame.setPending(true)
        void onSubmit().finally(() => frame.setPending(false))
      }}
    >
      <FormFault form={form} />
      {children}
    </form>
  )
}
