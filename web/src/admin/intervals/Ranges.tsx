/** The hours of an interval, each with the days on which it holds. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { TimeRange } from '@patchbay/protocol/api/intervals.ts'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../ui/Button.tsx'
import { CheckboxGroup } from '../../ui/Choice.tsx'
import { MultiSelect } from '../../ui/ComboBox.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { dayNames, monthNames, rangeInWords, readMonthDays, usualRange } from './hours.ts'

export interface RangesProps {
  value: readonly TimeRange[]
  onChange: (value: TimeRange[]) => void
  error: string | undefined
}

export function Ranges({ value, onChange, error }: RangesProps) {
  const { t } = useLingui()
  return (
    <section aria-label={t`Hours`} className="flex flex-col gap-3">
      {value.map((range, at) => (
        <Range
          // biome-ignore lint/suspicious/noArrayIndexKey: a range is what it says, and has its place in the list and no other name
          key={at}
          value={range}
          onChange={(change) => onChange(value.toSpliced(at, 1, { ...range, ...change }))}
          onRemove={() => onChange(value.toSpliced(at, 1))}
        />
      ))}
      {error ? (
        <p className="text-small text-bad-text" role="alert">
          {error}
        </p>
      ) : null}
      <Button
        className="self-start"
        icon={<Plus aria-hidden />}
        onPress={() => onChange([...value, { ...usualRange }])}
      >
        <Trans>Add hours</Trans>
      </Button>
    </section>
  )
}

function Range({
  value,
  onChange,
  onRemove,
}: {
  value: TimeRange
  onChange: (change: Partial<TimeRange>) => void
  onRemove: () => void
}) {
  const { t, i18n } = useLingui()
  const days = dayNames(i18n.locale, 'short')
  const months = monthNames(i18n.locale)
  const words = rangeInWords(value, days)
  const isFine = value.monthDays.length > 0 || value.months.length > 0
  const [isOpened, setOpened] = useState(false)
  const [monthDays, setMonthDays] = useState(value.monthDays.join(', '))
  return (
    <fieldset className="card flex flex-col gap-3 p-4" aria-label={words}>
      <div className="flex items-start gap-3">
        <TextField
          label={t`From`}
          type="time"
          className="w-32"
          value={value.from}
          onChange={(from) => onChange({ from })}
        />
        <TextField
          label={t`To the end of`}
          type="time"
          className="w-32"
          value={value.to}
          onChange={(to) => onChange({ to })}
        />
        <span className="ms-auto">
          <IconButton label={t`Remove ${words}`} icon={<Trash2 aria-hidden />} onPress={onRemove} />
        </span>
      </div>
      <p className="hint">
        {value.to < value.from ? (
          <Trans>Until the next day: the last minute, {value.to}, is included.</Trans>
        ) : (
          <Trans>The last minute, {value.to}, is included.</Trans>
        )}
      </p>
      <div className="days">
        <CheckboxGroup
          label={t`Days of the week`}
          description={t`None chosen: every day.`}
          options={days.map((label, at) => ({ id: String(at + 1), label }))}
          value={value.weekDays.map(String)}
          onChange={(chosen) => onChange({ weekDays: chosen.map(Number).sort((a, b) => a - b) })}
        />
      </div>
      {isFine || isOpened ? (
        <div className="grid gap-4 narrow:grid-cols-2">
          <TextField
            label={t`Days of the month`}
            description={t`Such as 1, 15. Empty: every day.`}
            value={monthDays}
            onChange={(text) => {
              setMonthDays(text)
              onChange({ monthDays: readMonthDays(text) })
            }}
          />
          <MultiSelect
            label={t`Months`}
            description={t`None chosen: every month.`}
            options={months.map((label, at) => ({ id: at + 1, label }))}
            value={value.months}
            onChange={(chosen) => onChange({ months: [...chosen].sort((a, b) => a - b) })}
          />
        </div>
      ) : (
        <Button variant="quiet" size="small" className="self-start" onPress={() => setOpened(true)}>
          <Trans>By day of the month or month</Trans>
        </Button>
      )}
    </fieldset>
  )
}
