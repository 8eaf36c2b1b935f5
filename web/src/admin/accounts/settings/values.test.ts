import { expect, test } from 'vitest'
import { accountChange } from './values.ts'

test('emptied limits and map key become null, sizes bytes', () => {
  expect(accountChange({ mapKey: '', attachmentLimitMb: Number.NaN, fileLifetimeHours: Number.NaN })).toEqual(
    {
      mapKey: null,
      attachmentLimitBytes: null,
      fileLifetimeHours: null,
    },
  )
  expect(accountChange({ attachmentLimitMb: 2.5, bodyLimitKb: 256 })).toEqual({
    attachmentLimitBytes: 2_621_440,
    bodyLimitBytes: 262_144,
  })
})

test('what was not changed is not sent', () => {
  expect(accountChange({ name: ' Nord ' })).toEqual({ name: 'Nord' })
})

test('addresses lose the spaces that come with pasting, and what is not changed is not sent', () => {
  expect(accountChange({ alarmEmail: ' ops@nord.example ', eventsUrl: '', sandbox: true })).toEqual({
    alarmEmail: 'ops@nord.example',
    eventsUrl: '',
    sandbox: true,
  })
})
