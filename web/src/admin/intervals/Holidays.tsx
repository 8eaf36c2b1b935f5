/** Days on which an interval is closed whatever its hours say. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Holiday } from '@patchbay/protocol/api/intervals.ts'
import { Plus, Trash2 } from 'lucide-react'
import { Button, IconButton } from '../../ui/Button.tsx'
import { TextField } from '../../ui/TextField.tsx'

export interface HolidaysProps {
  value: readonly Holiday[]
  onChange: (value: Holiday[]) => void
  error: string | undefined
}

export function Holidays({ value, onChange, error }: HolidaysProps) {
  const { t } = useLingui()
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 font-medium">
        <Trans>Holidays</Trans>
      </legend>
      <p className="hint">
        <Trans>Closed all day, in this time zone. 2026-12-24 is one day, 12-25 is one of every year.</Trans>
      </p>
      {value.map(({ date, name }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a holiday is what it says, and has its place in the list and no other name
        <div key={at} className="flex items-center gap-2">
          <TextField
            label={t`Date`}
            isLabelHidden
            placeholder="12-25"
            className="w-32 flex-none"
            value={date}
            onChange={(changed) => onChange(value.toSpliced(at, 1, { date: changed.trim(), name }))}
          />
          <TextField
            label={t`Name of the holiday`}
            isLabelHidden
            placeholder={t`Christmas`}
            className="min-w-0 flex-1"
            maxLength={100}
            value={name}
            onChange={(changed) => onChange(value.toSpliced(at, 1, { date, name: changed }))}
          />
          <IconButton
            label={t`Remove ${name || date}`}
            icon={<Trash2 aria-hidden />}
            onPress={() => onChange(value.toSpliced(at, 1))}
          />
        </div>
      ))}
      {error ? (
        <p className="text-small text-bad-text" role="alert">
          {error}
        </p>
      ) : null}
      <Button
        className="self-start"
        icon={<Plus aria-hidden />}
        onPress={() => onChange([...value, { date: '', name: '' }])}
      >
        <Trans>Add a holiday</Trans>
      </Button>
    </fieldset>
  )
}
