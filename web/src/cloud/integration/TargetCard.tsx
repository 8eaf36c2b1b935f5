/** Where messages go, and the address that answers have to be sent to. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Id } from '../../ui/Bidi.tsx'
import { Button } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Card, DescriptionList } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { TargetForm } from '../connect/TargetForm.tsx'
import { facebookQuery } from '../queries.ts'
import { useChange } from './useChange.ts'

export function TargetCard({ integration, canChange }: { integration: Integration; canChange: boolean }) {
  const { t } = useLingui()
  const { target } = integration
  const replyUrl = useQuery(facebookQuery).data?.replyUrl
  return (
    <Card title={t`Contact centre`} meta={canChange ? <ChangeButton id={integration.id} /> : null}>
      <DescriptionList
        items={[
          { term: t`Server`, value: target.serverName ?? target.host },
          { term: t`Receive URL`, value: <Id isMono>{target.receiveUrl}</Id> },
          { term: t`Account`, value: target.accountId },
        ]}
      />
      {canChange && replyUrl ? (
        <div className="flex flex-col gap-2">
          <CopyField label={t`Reply URL of that account`} value={replyUrl} />
          <p className="hint">
            <Trans>Set it in the settings of the account, or its answers do not come here.</Trans>
          </p>
        </div>
      ) : null}
    </Card>
  )
}

function ChangeButton({ id }: { id: number }) {
  const { t } = useLingui()
  const [isOpen, setOpen] = useState(false)
  const change = useChange(id)
  return (
    <Dialog
      title={t`Change the contact centre`}
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={<Button size="small">{t`Change…`}</Button>}
    >
      <TargetForm
        submit={t`Save`}
        onChecked={async (address) => {
          await change.mutateAsync(address)
          setOpen(false)
          toast(t`Messages go to the new address from now on.`, { tone: 'ok' })
        }}
      />
    </Dialog>
  )
}
