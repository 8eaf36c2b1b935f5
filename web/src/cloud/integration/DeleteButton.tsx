/** The end of an integration. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useProblem } from '../../api/useProblem.ts'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { toast } from '../../ui/Toast.tsx'
import { cloud } from '../api.ts'

export function DeleteButton({ integration: { id, page } }: { integration: Integration }) {
  const { t } = useLingui()
  const problem = useProblem()
  const client = useQueryClient()
  const navigate = useNavigate()
  const remove = async () => {
    try {
      await cloud('DELETE /api/integrations/:id', { params: { id } })
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
      throw error
    }
    await navigate({ href: '/' })
    client.removeQueries({ queryKey: ['integrations', id] })
    await client.invalidateQueries({ queryKey: ['integrations'] })
    toast(t`The integration is deleted.`, { tone: 'ok' })
  }
  return (
    <Confirm
      title={t`Delete the integration?`}
      confirm={t`Delete`}
      onConfirm={remove}
      trigger={<Button icon={<Trash2 aria-hidden />}>{t`Delete…`}</Button>}
    >
      <Trans>
        Nothing of <bdi>{page.name}</bdi> is forwarded any more, and answers that are under way are lost. What
        your contact centre has already stays there.
      </Trans>
    </Confirm>
  )
}
