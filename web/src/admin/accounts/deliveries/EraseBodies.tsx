/** Erases what the log keeps of the words of customers and agents; times, statuses and reasons stay. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Eraser } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../../api/api.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { Confirm } from '../../../ui/Confirm.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { toast } from '../../../ui/Toast.tsx'

export function EraseBodies({ accountId }: { accountId: number }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const [isOpen, setOpen] = useState(false)
  const { mutateAsync } = useMutation({
    mutationFn: () => api('DELETE /api/openchannel/accounts/:id/log', { params: { id: accountId } }),
    onSuccess: () => {
      toast(t`The kept bodies are erased.`, { tone: 'ok' })
      return client.invalidateQueries({ queryKey: ['log', accountId] })
    },
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  return (
    <>
      <Menu
        label={t`More`}
        placement="bottom end"
        trigger={<IconButton size="small" label={t`More`} icon={<Ellipsis aria-hidden />} />}
        items={[
          {
            id: 'erase',
            label: t`Erase kept bodies…`,
            icon: <Eraser aria-hidden />,
            tone: 'bad',
            onAction: () => setOpen(true),
          },
        ]}
      />
      <Confirm
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={t`Erase the kept bodies?`}
        confirm={t`Erase them`}
        onConfirm={() => mutateAsync()}
      >
        <p>
          <Trans>
            What was sent and answered can no longer be read here, for all requests of this account so far.
            Times, statuses and reasons stay, and so do the conversations. This cannot be undone.
          </Trans>
        </p>
        <p>
          <Trans>To keep none from now on, switch them off in Settings.</Trans>
        </p>
      </Confirm>
    </>
  )
}
