/** The filters of the list, fetched when they are first opened. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Choice.tsx'
import { Select } from '../../ui/Select.tsx'
import type { Filters } from '../filters.ts'
import { accountsQuery, queuesQuery, tagsQuery } from '../queries.ts'

interface FilterFormProps {
  filters: Filters
  onChange: (filters: Filters) => void
  onClose: () => void
}

export default function FilterForm({ filters, onChange, onClose }: FilterFormProps) {
  const { t } = useLingui()
  const accounts = useQuery(accountsQuery)
  const queues = useQuery(queuesQuery)
  const tags = useQuery(tagsQuery)
  const any = { id: 0, label: t`Any` }
  const options = (rows: readonly { id: number; name: string }[] = []) => [
    any,
    ...rows.map(({ id, name }) => ({ id, label: name })),
  ]
  const set = (key: 'accountId' | 'queueId' | 'tagId') => (id: number) => {
    const { [key]: _, ...others } = filters
    onChange(id === 0 ? others : { ...others, [key]: id })
  }
  return (
    <div className="asks">
      <Select
        label={t`Account`}
        options={options(accounts.data?.rows)}
        value={filters.accountId ?? 0}
        onChange={set('accountId')}
      />
      <Select
        label={t`Queue`}
        options={options(queues.data?.rows)}
        value={filters.queueId ?? 0}
        onChange={set('queueId')}
      />
      <Select
        label={t`Tag`}
        options={options(tags.data?.rows)}
        value={filters.tagId ?? 0}
        onChange={set('tagId')}
      />
      <Checkbox
        isSelected={filters.unread === true}
        onChange={(isOn) => {
          const { unread: _, ...others } = filters
          onChange(isOn ? { ...others, unread: true } : others)
        }}
      >
        <Trans>Unread only</Trans>
      </Checkbox>
      <div className="flex justify-between gap-2">
        <Button
          variant="quiet"
          onPress={() => {
            const { accountId: _, queueId: __, tagId: ___, unread: ____, ...others } = filters
            onChange(others)
          }}
        >
          {t`Clear`}
        </Button>
        <Button onPress={onClose}>{t`Done`}</Button>
      </div>
    </div>
  )
}
