/** How long something old still works beside its successor. */
import { useLingui } from '@lingui/react/macro'
import { Select } from '../../ui/Select.tsx'

export interface OverlapSelectProps {
  label: string
  value: number
  onChange: (seconds: number) => void
}

export function OverlapSelect(props: OverlapSelectProps) {
  const { t } = useLingui()
  return (
    <Select
      {...props}
      options={[
        { id: 0, label: t`It ends now` },
        { id: 3_600, label: t`1 hour` },
        { id: 86_400, label: t`24 hours` },
        { id: 604_800, label: t`7 days` },
      ]}
    />
  )
}
