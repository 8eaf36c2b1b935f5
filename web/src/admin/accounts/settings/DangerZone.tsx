/** Deleting an account, with what that means. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useQuery } from '@tanstack/react-query'
import { Button } from '../../../ui/Button.tsx'
import { Card } from '../../../ui/Page.tsx'
import { DeleteUsed } from '../../common/DeleteUsed.tsx'
import { allAccountsQuery } from '../../common/queries.ts'

export function DangerZone({ account }: { account: Account }) {
  const { t } = useLingui()
  const accounts = useQuery(allAccountsQuery)
  const agents = account.agentIds.length
  const queues = new Set(account.actions.flatMap((step) => (step.type === 'queue' ? [step.queueId] : [])))
    .size
  return (
    <Card title={t`Delete`}>
      <p className="text-text-2">
        <Trans>Its Receive URL stops at once. Its interactions stay readable by admins.</Trans>
      </p>
      <DeleteUsed
        of="DELETE /api/openchannel/accounts/:id"
        id={account.id}
        others={accounts.data?.map(({ id, name }) => ({ id, label: name })) ?? []}
        keys={['accounts', 'queues', 'triggers', 'dispositions']}
        to="/admin/accounts"
        trigger={
          <Button className="self-start text-bad-text">
            <Trans>Delete this account</Trans>
          </Button>
        }
        title={t`Delete ${account.name}?`}
        confirm={t`Delete the account`}
        typeToConfirm={account.name}
      >
        <p>
          <Trans>Its Receive URL stops at once. Its interactions stay readable by admins.</Trans>
        </p>
        <p>
          <Plural value={agents} one="# agent uses it" other="# agents use it" />
          {', '}
          <Plural value={queues} one="it rings # queue." other="it rings # queues." />
        </p>
      </DeleteUsed>
    </Card>
  )
}
