// @vitest-environment jsdom
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { type DefaultValues, useForm } from 'react-hook-form'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { Alarm, Events } from './Notices.tsx'
import { useLabels } from './useLabels.ts'
import type { SettingsValues } from './values.ts'

beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))
afterEach(cleanup)

const start: Partial<SettingsValues> = {
  events: ['message.failed'],
  eventsUrl: '',
  alarmEmail: '',
  alarmUrl: '',
  alarmAfterFailures: 5,
}

function Form({ seen }: { seen: (values: SettingsValues) => void }) {
  const { control, watch } = useForm<SettingsValues>({
    defaultValues: start as DefaultValues<SettingsValues>,
  })
  const labels = useLabels()
  seen(watch())
  return (
    <>
      <Events control={control} labels={labels} />
      <Alarm control={control} labels={labels} />
    </>
  )
}

function open() {
  let values: SettingsValues | undefined
  render(
    <I18nProvider i18n={i18n}>
      <Form
        seen={(now) => {
          values = now
        }}
      />
    </I18nProvider>,
  )
  return () => values
}

test('events are chosen by name and kept in one order, so that choosing back changes nothing', () => {
  const values = open()
  fireEvent.click(screen.getByRole('checkbox', { name: /^interaction\.opened/ }))
  expect(values()?.events).toEqual(['interaction.opened', 'message.failed'])
  fireEvent.click(screen.getByRole('checkbox', { name: /^interaction\.opened/ }))
  expect(values()?.events).toEqual(['message.failed'])
})

test('an alarm tells whom and after how many failures', () => {
  const values = open()
  fireEvent.change(screen.getByRole('textbox', { name: 'Mail to' }), {
    target: { value: 'ops@nord.example' },
  })
  expect(values()).toMatchObject({ alarmEmail: 'ops@nord.example', alarmAfterFailures: 5 })
})
