/** Pickers of queues and tags that make what is not there yet. */
import { useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { ComboBox, MultiSelect } from '../../ui/ComboBox.tsx'
import { queuesQuery, tagsQuery } from './queries.ts'

export function QueuePicker({
  value,
  onChange,
}: {
  value: number | null
  onChange: (queueId: number) => void
}) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const queues = useQuery(queuesQuery).data ?? []
  const create = useMutation({
    mutationFn: (name: string) => api('POST /api/openchannel/queues', { body: { name } }),
    onSuccess: async ({ id }) => {
      await client.refetchQueries({ queryKey: queuesQuery.queryKey })
      onChange(id)
    },
  })
  return (
    <ComboBox
      label={t`Queue`}
      options={queues.map(({ id, name }) => ({ id, label: name }))}
      value={value}
      onChange={(id) => {
        if (id !== null) onChange(id)
      }}
      onCreate={(name) => create.mutate(name)}
      isDisabled={create.isPending}
      error={create.error ? problem(create.error) : undefined}
    />
  )
}

export function TagPicker({
  value,
  onChange,
}: {
  value: readonly number[]
  onChange: (tagIds: number[]) => void
}) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const tags = useQuery(tagsQuery).data ?? []
  const create = useMutation({
    mutationFn: (name: string) => api('POST /api/tags', { body: { name } }),
    onSuccess: async ({ id }) => {
      await client.refetchQueries({ queryKey: tagsQuery.queryKey })
      onChange([...value, id])
    },
  })
  return (
    <MultiSelect
      label={t`Tags`}
      options={tags.map(({ id, name }) => ({ id, label: name }))}
      value={value}
      onChange={onChange}
      onCreate={(name) => create.mutate(name)}
      isDisabled={create.isPending}
      error={create.error ? problem(create.error) : undefined}
    />
  )
}
