/** Deleting an account, with what that means. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { Button } from '../../../ui/Button.tsx'
import { Confirm } from '../../../ui/Confirm.tsx'
import { Card } from '../../../ui/Page.tsx'
import { useRemove } from '../../common/useRemove.ts'

export function DangerZone({ account }: { account: Account }) {
  const { t } = useLingui()
  const remove = useRemove('DELETE /api/openchannel/accounts/:id', account.id, {
    keys: ['accounts', 'queues'],
    to: '/admin/accounts',
  })
  const agents = account.agentIds.length
  const queues = new Set(account.actions.flatMap((step) => (step.type === 'queue' ? [step.queueId] : [])))
    .size
  return (
    <Card title={t`Delete`}>
      <p className="text-text-2">
        <Trans>Its Receive URL stops at once. Its interactions stay readable by admins.</Trans>
      </p>
      <Confirm
        trigger={
          <Button className="self-start text-bad-text">
            <Trans>Delete this account</Trans>
          </Button>
        }
        title={t`Delete ${account.name}?`}
        confirm={t`Delete the account`}
        typeToConfirm={account.name}
        onConfirm={remove}
      >
        <p>
          <Trans>Its Receive URL stops at once. Its interactions stay readable by admins.</Trans>
        </p>
        <p>
          <Plural value={agents} one="# agent uses it" other="# agents use it" />
          {', '}
          <Plural value={queues} one="it rings # queue." other="it rings # queues." />
        </p>
      </Confirm>
    </Card>
  )
}
