/** What the clock of the time zone shows now and whether the hours would be open, before they are saved. */
import { Trans, useLingui } from '@lingui/react/macro'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { Banner } from '../../ui/Banner.tsx'
import { faultOfHolidays, faultOfRanges, type HoursValues } from './hours.ts'

const againMs = 30_000

export function NowThere({ hours }: { hours: HoursValues }) {
  const { i18n } = useLingui()
  const { timeZone, ranges, holidays } = hours
  const isWhole = !faultOfRanges(ranges) && !faultOfHolidays(holidays)
  const { data } = useQuery({
    queryKey: ['hours', timeZone, ranges, holidays],
    queryFn: ({ signal }) =>
      api('POST /api/intervals/check', { body: { timeZone, always: false, ranges, holidays }, signal }),
    enabled: isWhole,
    placeholderData: keepPreviousData,
    refetchInterval: againMs,
  })
  if (!data || !isWhole) return null
  // What the wall there shows, so no zone may be applied again.
  const wall = new Intl.DateTimeFormat(i18n.locale, {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  const time = wall.format(new Date(`${data.localTime}:00Z`))
  return (
    <Banner tone={data.isOpen ? 'ok' : 'info'} isInset>
      {data.isOpen ? (
        <Trans>Open now: the clock there shows {time}.</Trans>
      ) : data.holiday !== null ? (
        <Trans>
          Closed now for {data.holiday || data.localTime.slice(0, 10)}: the clock there shows {time}.
        </Trans>
      ) : (
        <Trans>Closed now: the clock there shows {time}.</Trans>
      )}
    </Banner>
  )
}
