/** The save bar of a form, and the choice when somebody else saved meanwhile. */
import { Trans } from '@lingui/react/macro'
import { useLeaveGuard } from '../../shell/useLeaveGuard.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { SaveBar } from '../../ui/SaveBar.tsx'
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
      {conflict ? (
        <Banner
          tone="warn"
          isInset
          action={
            <span className="flex flex-none flex-wrap gap-2">
              <Button size="small" onPress={conflict.takeTheirs}>
                <Trans>Drop mine, take theirs</Trans>
              </Button>
              <Button size="small" variant="primary" onPress={conflict.merge}>
                <Trans>Keep mine, merge</Trans>
              </Button>
            </span>
          }
        >
          <Trans>Somebody else saved a change meanwhile.</Trans>{' '}
          {conflict.clashes.length > 0 ? (
            <Trans>Both of you changed: {named(conflict.clashes).join(', ')}.</Trans>
          ) : (
            <Trans>It does not touch what you changed.</Trans>
          )}
        </Banner>
      ) : null}
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
