/** Changes an integration, and keeps what the cloud answers. */
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import type { CloudApi } from '@patchbay/protocol/cloud.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { cloud } from '../api.ts'
import { integrationQuery } from '../queries.ts'

type Change = Body<CloudApi['PATCH /api/integrations/:id']>

export function useKeep() {
  const client = useQueryClient()
  return (integration: Integration) => {
    client.setQueryData(integrationQuery(integration.id).queryKey, integration)
    void client.invalidateQueries({ queryKey: ['integrations'], exact: true })
  }
}

export function useChange(id: number) {
  const keep = useKeep()
  return useMutation({
    mutationFn: (body: Change) => cloud('PATCH /api/integrations/:id', { params: { id }, body }),
    onSuccess: keep,
  })
}
