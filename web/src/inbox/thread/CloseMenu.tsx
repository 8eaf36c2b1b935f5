/** The button that closes an interaction, and its shortcut. */
import { useLingui } from '@lingui/react/macro'
import { Check } from 'lucide-react'
import { lazy, Suspense, useEffect } from 'react'
import { useShortcut } from '../../shell/shortcuts.ts'
import { Button } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { Popover } from '../../ui/Popover.tsx'

const load = () => import('./CloseForm.tsx')
const CloseForm = lazy(load)
/** So long after the thread, when nothing else is to do. */
const warmAfterMs = 1_000

interface CloseMenuProps {
  /** The interaction that is being closed; undefined while none is. */
  id: number | undefined
  onOpenChange: (isOpen: boolean) => void
  onClosed: (id: number) => void
}

export function CloseMenu({ id, onOpenChange, onClosed }: CloseMenuProps) {
  const { t } = useLingui()
  useShortcut('close', () => onOpenChange(true))
  // What is typed right after the shortcut must find the form there.
  useEffect(() => {
    const timer = setTimeout(load, warmAfterMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Popover
      label={t`Close the interaction`}
      placement="bottom end"
      isOpen={id !== undefined}
      onOpenChange={onOpenChange}
      trigger={
        <Button icon={<Check aria-hidden />} aria-label={t`Close`} className="thread-action">
          <span className="thread-action-word">{t`Close`}</span>
        </Button>
      }
    >
      {(close) => (
        <Suspense
          fallback={
            <div className="asks">
              <SkeletonLines lines={2} />
            </div>
          }
        >
          {id === undefined ? null : (
            <CloseForm
              key={id}
              id={id}
              onDone={() => {
                close()
                onClosed(id)
              }}
            />
          )}
        </Suspense>
      )}
    </Popover>
  )
}
