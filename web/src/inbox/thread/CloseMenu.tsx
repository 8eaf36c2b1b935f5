/** The button that closes an interaction, and its shortcut: it asks how it ended, where there is something to choose. */
import { useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { lazy, Suspense, useEffect } from 'react'
import { useShortcut } from '../../shell/shortcuts.ts'
import { Button } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { patient } from '../../ui/patient.ts'
import { hasNone } from './endings.ts'

const load = () => import('./CloseForm.tsx')
const CloseForm = lazy(patient(load))
const CloseAtOnce = lazy(patient(() => import('./CloseAtOnce.tsx')))
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
  const client = useQueryClient()
  useShortcut('close', () => onOpenChange(true))
  // What is typed right after the shortcut must find the form there.
  useEffect(() => {
    const timer = setTimeout(load, warmAfterMs)
    return () => clearTimeout(timer)
  }, [])
  const isAtOnce = id !== undefined && hasNone(client, id)
  const stay = () => onOpenChange(false)
  const gone = () => {
    onOpenChange(false)
    if (id !== undefined) onClosed(id)
  }
  return (
    <>
      <Popover
        label={t`Close the interaction`}
        placement="bottom end"
        isOpen={id !== undefined && !isAtOnce}
        onOpenChange={onOpenChange}
        trigger={
          <Button icon={<Check aria-hidden />} aria-label={t`Close`} className="thread-action">
            <span className="thread-action-word">{t`Close`}</span>
          </Button>
        }
      >
        <Suspense
          fallback={
            <div className="asks">
              <SkeletonLines lines={2} />
            </div>
          }
        >
          {id === undefined ? null : <CloseForm key={id} id={id} onGone={gone} onStay={stay} />}
        </Suspense>
      </Popover>
      <Suspense>{isAtOnce ? <CloseAtOnce key={id} id={id} onGone={gone} onStay={stay} /> : null}</Suspense>
    </>
  )
}
