/** Every setting of an account, saved together. */
import { useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useQuery } from '@tanstack/react-query'
import { useId } from '../../../shell/useId.ts'
import { Card } from '../../../ui/Page.tsx'
import { FormFault } from '../../common/FormFault.tsx'
import { accountQuery } from '../../common/queries.ts'
import { SavedFormBar } from '../../common/SavedFormBar.tsx'
import { useSavedForm } from '../../common/useSavedForm.ts'
import { useSaveAccount } from '../useSaveAccount.ts'
import { DangerZone } from './DangerZone.tsx'
import { General, In, Limits, Out } from './Fields.tsx'
import { Alarm, Events, Log, Notification } from './Notices.tsx'
import { Secrets } from './Secrets.tsx'
import { useLabels } from './useLabels.ts'
import { accountChange, settingsOf } from './values.ts'

export function Settings() {
  const id = useId()
  const account = useQuery(accountQuery(id))
  if (!account.data) return null
  return <SettingsForm key={id} account={account.data} reload={account.refetch} />
}

function SettingsForm({ account, reload }: { account: Account; reload: () => Promise<unknown> }) {
  const { t } = useLingui()
  const labels = useLabels()
  const { mutateAsync } = useSaveAccount(account.id)
  const saved = useSavedForm({
    entity: account,
    read: settingsOf,
    stampOf: ({ version }) => version,
    save: (changes, { version }) => mutateAsync({ ...accountChange(changes), version }),
    reload,
  })
  const { control } = saved.form
  return (
    <>
      <form
        noValidate
        className="flex max-w-[880px] flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void saved.submit()
        }}
      >
        <FormFault form={saved.form} />
        <Card title={t`General`}>
          <General control={control} labels={labels} />
        </Card>
        <Card title={t`Messages in`}>
          <In control={control} labels={labels} account={account} />
        </Card>
        <Card title={t`Offers`}>
          <Notification control={control} labels={labels} listId={account.listId} />
        </Card>
        <Card title={t`Answers out`}>
          <Out control={control} labels={labels} account={account} />
        </Card>
        <Card title={t`Events`}>
          <Events control={control} labels={labels} />
        </Card>
        <Card title={t`Alarm`}>
          <Alarm control={control} labels={labels} />
        </Card>
        <Card title={t`Delivery log`}>
          <Log control={control} labels={labels} />
        </Card>
        <Card title={t`Limits`}>
          <Limits control={control} labels={labels} />
        </Card>
      </form>
      <div className="flex max-w-[880px] flex-col gap-3">
        <Secrets account={account} />
        <DangerZone account={account} />
      </div>
      <SavedFormBar saved={saved} labels={labels} />
    </>
  )
}
