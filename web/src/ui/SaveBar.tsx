/** Appears only while something is changed: says what, saves on ⌘S, takes back. */
import { Plural, Trans } from '@lingui/react/macro'
import { useEffect, useRef } from 'react'
import { Button } from './Button.tsx'

export interface SaveBarProps {
  /** The labels of the changed fields; empty hides the bar. */
  changes: readonly string[]
  isSaving?: boolean
  /** Why saving failed, when it concerns no single field. */
  error?: string | undefined
  onSave: () => void
  onUndo: () => void
}

export function SaveBar({ changes, isSaving = false, error, onSave, onUndo }: SaveBarProps) {
  const isDirty = changes.length > 0
  const save = useRef(onSave)
  save.current = onSave
  useEffect(() => {
    if (!isDirty) return
    const onKey = (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== 's' ||
        !(event.metaKey || event.ctrlKey) ||
        event.altKey ||
        event.shiftKey
      )
        return
      event.preventDefault()
      save.current()
    }
    const onLeave = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('keydown', onKey)
    window.addEventListener('beforeunload', onLeave)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('beforeunload', onLeave)
    }
  }, [isDirty])
  if (!isDirty) return null
  return (
    <section className="save-bar" aria-live="polite">
      <span className="min-w-0 flex-1 truncate">
        <span className="font-medium">
          <Plural value={changes.length} one="# unsaved change" other="# unsaved changes" />
        </span>
        <span className={error ? 'text-bad-text' : 'text-text-2'}> · {error ?? changes.join(', ')}</span>
      </span>
      <Button variant="quiet" isDisabled={isSaving} onPress={onUndo}>
        <Trans>Undo</Trans>
      </Button>
      <Button variant="primary" keys="mod+s" isPending={isSaving} onPress={onSave}>
        <Trans>Save</Trans>
      </Button>
    </section>
  )
}
