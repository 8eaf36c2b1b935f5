/** The filters of the log that are seldom needed: event, interaction, time. Fetched when it is first opened. */
import { useLingui } from '@lingui/react/macro'
import { Button } from '../../../ui/Button.tsx'
import { NumberField } from '../../../ui/NumberField.tsx'
import { Select } from '../../../ui/Select.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import { formFilters, type Since, without } from './filters.ts'
import type { LogFilterProps } from './LogFilterBar.tsx'
import { logEvents, useEventWord } from './words.ts'

export default function LogFilterForm({
  filters,
  onChange,
  onClose,
}: LogFilterProps & { onClose: () => void }) {
  const { t } = useLingui()
  const eventWord = useEventWord()
  const { event, interaction, since, from, to } = filters
  const times: readonly { id: Since | 'any' | 'own'; label: string }[] = [
    { id: 'any', label: t`Any` },
    { id: '1h', label: t`Last hour` },
    { id: '24h', label: t`Last 24 hours` },
    { id: '7d', label: t`Last 7 days` },
    { id: 'own', label: t`From … to …` },
  ]
  const time = since ?? (from || to ? 'own' : 'any')
  const setTime = (next: (typeof times)[number]['id']) => {
    const rest = without(filters, 'since', 'from', 'to')
    if (next === 'any') onChange(rest)
    else if (next === 'own') onChange({ ...rest, from: new Date(startOfToday()).toISOString() })
    else onChange({ ...rest, since: next })
  }
  const setBound = (name: 'from' | 'to') => (local: string) => {
    const at = Date.parse(local)
    onChange({
      ...without(filters, name),
      ...(Number.isNaN(at) ? {} : { [name]: new Date(at).toISOString() }),
    })
  }
  return (
    <div className="flex w-[min(360px,calc(100vw-32px))] flex-col gap-4 p-4">
      <Select
        label={t`Event`}
        options={[{ id: '', label: t`Any` }, ...logEvents.map((id) => ({ id, label: eventWord(id) }))]}
        value={event ?? ''}
        onChange={(id) => onChange({ ...without(filters, 'event'), ...(id ? { event: id } : {}) })}
      />
      <NumberField
        label={t`Interaction`}
        value={interaction ?? Number.NaN}
        minValue={1}
        formatOptions={{ useGrouping: false }}
        onChange={(id) =>
          onChange({ ...without(filters, 'interaction'), ...(id > 0 ? { interaction: id } : {}) })
        }
      />
      <Select label={t`Time`} options={times} value={time} onChange={setTime} />
      {time === 'own' ? (
        <>
          <TextField
            label={t`From`}
            type="datetime-local"
            value={localOf(from)}
            onChange={setBound('from')}
          />
          <TextField label={t`To`} type="datetime-local" value={localOf(to)} onChange={setBound('to')} />
        </>
      ) : null}
      <div className="flex justify-between gap-2">
        <Button variant="quiet" onPress={() => onChange(without(filters, ...formFilters))}>
          {t`Clear`}
        </Button>
        <Button onPress={onClose}>{t`Done`}</Button>
      </div>
    </div>
  )
}

function startOfToday(): number {
  return new Date().setHours(0, 0, 0, 0)
}

/** As the browser's field wants it: the viewer's own time, without a zone. */
function localOf(instant: string | undefined): string {
  if (!instant) return ''
  const at = new Date(instant)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
