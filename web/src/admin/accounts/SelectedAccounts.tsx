/** What can be done with several accounts at once. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useQueryClient } from '@tanstack/react-query'
import { ApiError, api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { toast } from '../../ui/Toast.tsx'

interface SelectedAccountsProps {
  accounts: readonly Account[]
  onSelect: (ids: Set<number>) => void
}

export function SelectedAccounts({ accounts, onSelect }: SelectedAccountsProps) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const count = accounts.length
  /** One that is in use stays, and stays selected: its own page says where, and puts another in its place. */
  const remove = async () => {
    const kept: Account[] = []
    try {
      for (const account of accounts) {
        const { id } = account
        await api('DELETE /api/openchannel/accounts/:id', { params: { id }, query: { drop: false } }).catch(
          (error) => {
            if (!(error instanceof ApiError && error.code === 'GE-103')) throw error
            kept.push(account)
          },
        )
      }
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
      throw error
    } finally {
      for (const word of ['accounts', 'queues', 'triggers', 'dispositions'])
        void client.invalidateQueries({ queryKey: [word] })
    }
    onSelect(new Set(kept.map(({ id }) => id)))
    const names = kept.map(({ name }) => name).join(', ')
    if (kept.length > 0) toast(t`Still in use, and kept: ${names}`, { tone: 'bad' })
    else toast(t`Deleted.`)
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="text-text-2">
        <Plural value={count} one="# account chosen" other="# accounts chosen" />
      </span>
      <Confirm
        trigger={
          <Button className="text-bad-text">
            <Trans>Delete…</Trans>
          </Button>
        }
        title={t`Delete these accounts?`}
        confirm={t`Delete them`}
        typeToConfirm={String(count)}
        onConfirm={remove}
      >
        <p>
          <Trans>Their Receive URLs stop at once. Their interactions stay readable by admins.</Trans>
        </p>
        <ul className="mt-2 max-h-40 overflow-auto font-medium text-text">
          {accounts.map(({ id, name }) => (
            <li key={id}>
              <bdi>{name}</bdi>
            </li>
          ))}
        </ul>
      </Confirm>
      <Button variant="quiet" onPress={() => onSelect(new Set())}>
        <Trans>Choose none</Trans>
      </Button>
    </div>
  )
}
