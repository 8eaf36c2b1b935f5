/** How an interval is called and when it is open. */
import { useLingui } from '@lingui/react/macro'
import type { Interval } from '@patchbay/protocol/api/intervals.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useController } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { FormRadio, FormText } from '../../ui/FormFields.tsx'
import { Card } from '../../ui/Page.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { intervalQuery, intervalsQuery } from '../common/queries.ts'
import { SavedFormBar } from '../common/SavedFormBar.tsx'
import { useSavedForm } from '../common/useSavedForm.ts'
import { Holidays } from './Holidays.tsx'
import { faultOfHolidays, faultOfRanges, readHours } from './hours.ts'
import { NowThere } from './NowThere.tsx'
import { Ranges } from './Ranges.tsx'

const zones = Intl.supportedValuesOf('timeZone').map((id) => ({ id, label: id.replaceAll('_', ' ') }))

export function IntervalForm({ interval, reload }: { interval: Interval; reload: () => Promise<unknown> }) {
  const { t, i18n } = useLingui()
  const client = useQueryClient()
  const saved = useSavedForm({
    entity: interval,
    read: readHours,
    stampOf: ({ version }) => version,
    save: async ({ when, ...changes }, { id, version }) => {
      const always = when === undefined ? {} : { always: when === 'always' }
      const fresh = await api('PATCH /api/intervals/:id', {
        params: { id },
        body: { ...changes, ...always, version },
      })
      client.setQueryData(intervalQuery(id).queryKey, fresh)
      void client.invalidateQueries({ queryKey: intervalsQuery.queryKey })
      return fresh
    },
    reload,
  })
  const { control } = saved.form
  const labels = {
    name: t`Name`,
    timeZone: t`Time zone`,
    when: t`When it is open`,
    ranges: t`Hours`,
    holidays: t`Holidays`,
  }
  const values = saved.form.watch()
  const isLimited = values.when === 'hours'
  const zone = useController({ control, name: 'timeZone' })
  const ranges = useController({
    control,
    name: 'ranges',
    rules: {
      validate: (value, { when }) => {
        const fault = when === 'hours' ? faultOfRanges(value) : undefined
        return fault ? i18n._(fault) : true
      },
    },
  })
  const holidays = useController({
    control,
    name: 'holidays',
    rules: {
      validate: (value) => {
        const fault = faultOfHolidays(value)
        return fault ? i18n._(fault) : true
      },
    },
  })
  // The browser does not list UTC among the zones.
  const known = zones.some(({ id }) => id === values.timeZone)
    ? zones
    : [{ id: values.timeZone, label: values.timeZone }, ...zones]
  return (
    <Card className="max-w-[760px]">
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void saved.submit()
        }}
      >
        <FormFault form={saved.form} />
        <div className="grid gap-4 narrow:grid-cols-2">
          <FormText
            {...{ control, name: 'name' }}
            label={labels.name}
            rules={{ validate: (value) => Boolean(String(value).trim()) || t`Write a name.` }}
          />
          <ComboBox
            label={labels.timeZone}
            options={known}
            value={values.timeZone}
            onChange={(id) => {
              if (id !== null) zone.field.onChange(id)
            }}
          />
        </div>
        <FormRadio
          {...{ control, name: 'when' }}
          label={labels.when}
          options={[
            { id: 'always', label: t`Always` },
            { id: 'hours', label: t`At these hours` },
          ]}
        />
        {isLimited ? (
          <>
            <Ranges
              value={values.ranges}
              onChange={ranges.field.onChange}
              error={ranges.fieldState.error?.message}
            />
            <Holidays
              value={values.holidays}
              onChange={holidays.field.onChange}
              error={holidays.fieldState.error?.message}
            />
            <NowThere hours={values} />
          </>
        ) : null}
      </form>
      <SavedFormBar saved={saved} labels={labels} />
    </Card>
  )
}
