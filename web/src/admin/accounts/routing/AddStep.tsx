/** Adds a queue as the last step; a name that is not there yet makes a queue. */
import { useLingui } from '@lingui/react/macro'
import type { Queue } from '@patchbay/protocol/api/queues.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../../api/api.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { ComboBox } from '../../../ui/ComboBox.tsx'
import { Card } from '../../../ui/Page.tsx'
import { queuesQuery } from '../../common/queries.ts'

export interface AddStepProps {
  queues: readonly Queue[]
  onAdd: (queueId: number) => void
}

export function AddStep({ queues, onAdd }: AddStepProps) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  // Another one each time, so that the field is empty again.
  const [turn, setTurn] = useState(0)
  const add = (queueId: number) => {
    onAdd(queueId)
    setTurn(turn + 1)
  }
  const create = useMutation({
    mutationFn: (name: string) => api('POST /api/openchannel/queues', { body: { name } }),
    onSuccess: async (queue) => {
      await client.refetchQueries({ queryKey: queuesQuery.queryKey })
      add(queue.id)
    },
  })
  return (
    <Card>
      <ComboBox
        key={turn}
        label={t`Add a queue`}
        description={t`Choose one, or type the name of a new one.`}
        options={queues.map(({ id, name }) => ({ id, label: name }))}
        value={null}
        onChange={(id) => {
          if (id !== null) add(id)
        }}
        onCreate={(name) => create.mutate(name)}
        isDisabled={create.isPending}
        error={create.error ? problem(create.error) : undefined}
      />
    </Card>
  )
}
