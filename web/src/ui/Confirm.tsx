/** The question before something is destroyed or lost. */
import { Trans } from '@lingui/react/macro'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { patient } from './patient.ts'
import type { OpenState, TriggerElement } from './useOpener.tsx'

const TypedName = lazy(patient(() => import('./TypedName.tsx')))

export interface ConfirmProps extends OpenState {
  title: string
  /** What it does and whom it concerns: “12 agents, 3 queues use it.” */
  children: ReactNode
  /** The verb on the button. */
  confirm: string
  /** May answer a promise. When that fails the dialog stays open and the caller shows why. */
  onConfirm: () => unknown
  /** The name that must be typed first. */
  typeToConfirm?: string
  isHarmless?: boolean
  /** While there is nothing to confirm. */
  isDisabled?: boolean
  trigger?: TriggerElement
}

export function Confirm({
  children,
  confirm,
  onConfirm,
  typeToConfirm,
  isHarmless,
  isDisabled = false,
  ...props
}: ConfirmProps) {
  const [typed, setTyped] = useState('')
  const [isPending, setPending] = useState(false)
  const run = async (close: () => void) => {
    setPending(true)
    try {
      await onConfirm()
      setTyped('')
      close()
    } catch {
      // Told by whoever made the call.
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
            isDisabled={isDisabled || (typeToConfirm !== undefined && typed !== typeToConfirm)}
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
          <Suspense>
            <TypedName name={typeToConfirm} value={typed} onChange={setTyped} />
          </Suspense>
        )}
      </div>
    </Dialog>
  )
}
