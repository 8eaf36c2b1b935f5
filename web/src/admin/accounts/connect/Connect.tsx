/** From nothing to a first conversation in four steps, each of which sees its own success. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useId } from '../../../shell/useId.ts'
import { CopyField } from '../../../ui/CopyField.tsx'
import { Card } from '../../../ui/Page.tsx'
import { accountQuery, deliveriesQuery } from '../../common/queries.ts'
import { masked } from '../addresses.ts'
import { AnswerStep } from './AnswerStep.tsx'
import { FacebookPairing } from './FacebookPairing.tsx'
import { FirstMessage } from './FirstMessage.tsx'
import { doneOf, progressOf } from './progress.ts'
import { RecentDeliveries } from './RecentDeliveries.tsx'
import { ReplyStep } from './ReplyStep.tsx'
import { Step } from './Step.tsx'
import { useArrival } from './useArrival.ts'

export function Connect() {
  const account = useQuery(accountQuery(useId())).data
  return account ? <Steps key={account.id} account={account} /> : null
}

function Steps({ account }: { account: Account }) {
  const { t } = useLingui()
  const [wasCopied, setCopied] = useState(false)
  const [testedUrl, setTestedUrl] = useState<string>()
  const arrival = useArrival(account.id)
  const deliveries = useInfiniteQuery(deliveriesQuery(account.id)).data?.pages[0]?.rows ?? []
  const progress = progressOf({
    account,
    wasCopied,
    wasTested: testedUrl === account.replyUrl,
    hasArrival: arrival !== undefined,
    hasAnswer: arrival?.hasAnswer ?? false,
    deliveries,
  })
  const receiveUrl = account.receiveUrl ?? ''
  return (
    <div className="grid items-start gap-3 wide:grid-cols-[minmax(0,1.1fr)_minmax(0,1fr)]">
      <Card
        isFlush
        title={t`First message in five minutes`}
        meta={
          <span role="status">
            <Trans>{doneOf(progress)} of 4 done</Trans>
          </span>
        }
      >
        <ol>
          <Step number={1} title={t`Copy your Receive URL`} isDone={progress.copied}>
            <p className="text-text-2">
              <Trans>
                Your service posts customer messages here. Who has it can write in: keep it as a secret.
              </Trans>
            </p>
            <CopyField
              label={t`Receive URL`}
              isLabelHidden
              value={receiveUrl}
              masked={masked(receiveUrl)}
              onCopy={() => setCopied(true)}
            />
          </Step>
          <Step number={2} title={t`Send a first message`} isDone={progress.received}>
            <FirstMessage account={account} arrival={arrival} isDone={progress.received} />
          </Step>
          <Step number={3} title={t`Answer it as an agent`} isDone={progress.answered}>
            <AnswerStep
              account={account}
              arrival={arrival}
              isBegun={progress.received}
              isDone={progress.answered}
            />
          </Step>
          <Step number={4} title={t`Receive the reply at your Reply URL`} isDone={progress.delivered}>
            <ReplyStep account={account} onTested={setTestedUrl} />
          </Step>
        </ol>
      </Card>
      <div className="flex min-w-0 flex-col gap-3">
        <RecentDeliveries accountId={account.id} />
        <FacebookPairing account={account} />
      </div>
    </div>
  )
}
