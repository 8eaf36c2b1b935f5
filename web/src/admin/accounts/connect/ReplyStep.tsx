/** Step four: where answers go. Without a service yet, the built-in receiver shows what would be sent. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useState } from 'react'
import { useProblem } from '../../../api/useProblem.ts'
import { Button } from '../../../ui/Button.tsx'
import { CodeBlock } from '../../../ui/CodeBlock.tsx'
import { useSaveAccount } from '../useSaveAccount.ts'
import { Echoes } from './Echoes.tsx'
import { ReplyField } from './ReplyField.tsx'
import { takeSamples } from './samples.ts'

export interface ReplyStepProps {
  account: Account
  onTested: (replyUrl: string) => void
}

export function ReplyStep({ account, onTested }: ReplyStepProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const save = useSaveAccount(account.id)
  const [typed, setTyped] = useState<string>()
  const replyUrl = typed ?? account.replyUrl
  const isChanged = typed !== undefined && typed.trim() !== account.replyUrl
  const isEcho = account.replyUrl !== '' && account.replyUrl === account.echoUrl
  const keep = (url: string) => save.mutate({ replyUrl: url }, { onSuccess: () => setTyped(undefined) })
  return (
    <>
      <ReplyField
        accountId={account.id}
        label={t`Reply URL`}
        isLabelHidden
        value={replyUrl}
        onChange={setTyped}
        onTested={onTested}
        error={save.error ? problem(save.error) : undefined}
      />
      <div className="flex flex-wrap gap-2">
        {isChanged ? (
          <>
            <Button
              size="small"
              variant="primary"
              isPending={save.isPending}
              onPress={() => keep(replyUrl.trim())}
            >
              <Trans>Save this address</Trans>
            </Button>
            <Button size="small" variant="quiet" onPress={() => setTyped(undefined)}>
              <Trans>Undo</Trans>
            </Button>
          </>
        ) : null}
        {isEcho || !account.echoUrl ? null : (
          <Button size="small" isPending={save.isPending} onPress={() => keep(account.echoUrl ?? '')}>
            <Trans>Use the built-in echo receiver</Trans>
          </Button>
        )}
      </div>
      {isEcho ? (
        <Echoes accountId={account.id} />
      ) : (
        <details>
          <summary className="min-h-6 cursor-pointer text-text-2">
            <Trans>What your service does with an answer</Trans>
          </summary>
          <div className="pt-2">
            <CodeBlock label={t`Take an answer`} samples={takeSamples} />
          </div>
        </details>
      )}
    </>
  )
}
