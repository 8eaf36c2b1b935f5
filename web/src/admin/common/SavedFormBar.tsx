/** The save bar of a form, and the choice when somebody else saved meanwhile. */
import { useLeaveGuard } from '../../shell/useLeaveGuard.tsx'
import { SaveBar } from '../../ui/SaveBar.tsx'
import { MergeChoice } from './MergeChoice.tsx'
import type { SavedForm } from './useSavedForm.ts'

export interface SavedFormBarProps {
  saved: SavedForm
  /** The labels of the fields by name. */
  labels: Readonly<Record<string, string>>
  error?: string | undefined
}

export function SavedFormBar({ saved, labels, error }: SavedFormBarProps) {
  const guard = useLeaveGuard(saved.changed.length > 0)
  const named = (names: readonly string[]) => names.map((name) => labels[name] ?? name)
  const { conflict } = saved
  return (
    <>
      {conflict ? <MergeChoice conflict={conflict} labels={labels} /> : null}
      <SaveBar
        changes={named(saved.changed)}
        isSaving={saved.isSaving}
        error={error}
        onSave={() => void saved.submit()}
        onUndo={saved.undo}
      />
      {guard}
    </>
  )
}
