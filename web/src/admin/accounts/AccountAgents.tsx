/** Who sees and answers the interactions of an account. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { useId } from '../../shell/useId.ts'
import { useLeaveGuard } from '../../shell/useLeaveGuard.tsx'
import { SaveBar } from '../../ui/SaveBar.tsx'
import { MemberPicker } from '../common/MemberPicker.tsx'
import { accountQuery } from '../common/queries.ts'
import { useMembers } from '../common/useMembers.ts'

export function AccountAgents() {
  const account = useQuery(accountQuery(useId())).data
  return account ? <Picker key={account.id} account={account} /> : null
}

function Picker({ account }: { account: Account }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const params = { id: account.id }
  const members = useMembers({
    saved: account,
    labels: { agents: t`Agents`, teams: t`Teams` },
    saveAgents: (body) => api('PUT /api/openchannel/accounts/:id/agents', { params, body }),
    saveTeams: (body) => api('PUT /api/openchannel/accounts/:id/teams', { params, body }),
    reload: () => client.invalidateQueries({ queryKey: ['accounts'] }),
  })
  const guard = useLeaveGuard(members.bar.changes.length > 0)
  return (
    <>
      <p className="max-w-[640px] text-text-2">
        <Trans>
          They see the interactions of this account in the inbox and answer them. Queues ring only those of
          their members who are listed here. Admins see every account.
        </Trans>
      </p>
      <MemberPicker
        value={members.value}
        onChange={members.onChange}
        title={t`Agents of this account`}
        empty={<Trans>Nobody yet: only admins see its interactions.</Trans>}
      />
      <SaveBar {...members.bar} />
      {guard}
    </>
  )
}
