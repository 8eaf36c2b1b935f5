/** The token with which the service writes in, and the secret that signs answers. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../../api/api.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { Button, TextLink } from '../../../ui/Button.tsx'
import { Confirm } from '../../../ui/Confirm.tsx'
import { CopyField } from '../../../ui/CopyField.tsx'
import { Countdown } from '../../../ui/Countdown.tsx'
import { Card } from '../../../ui/Page.tsx'
import { toast } from '../../../ui/Toast.tsx'
import { OverlapSelect } from '../../common/OverlapSelect.tsx'
import { accountQuery } from '../../common/queries.ts'
import { masked } from '../addresses.ts'
import { logPath } from '../deliveries/useLogAddress.ts'

export function Secrets({ account }: { account: Account }) {
  const { t } = useLingui()
  return (
    <Card title={t`Token and signing secret`}>
      <Token account={account} />
      <Secret accountId={account.id} />
    </Card>
  )
}

function Token({ account }: { account: Account }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const [overlap, setOverlap] = useState(86_400)
  const rotate = useMutation({
    mutationFn: () =>
      api('POST /api/openchannel/accounts/:id/token', {
        params: { id: account.id },
        body: { overlapSeconds: overlap },
      }),
    onSuccess: (fresh) => {
      client.setQueryData(accountQuery(account.id).queryKey, fresh)
      toast(t`The Receive URL has a new token.`, { tone: 'ok' })
    },
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  const url = account.receiveUrl ?? ''
  return (
    <div className="flex flex-col gap-2">
      <CopyField label={t`Receive URL`} value={url} masked={masked(url)} />
      {account.oldTokenUntil ? <OldToken accountId={account.id} until={account.oldTokenUntil} /> : null}
      <Confirm
        trigger={
          <Button className="self-start">
            <Trans>Make a new token</Trans>
          </Button>
        }
        title={t`Make a new token`}
        confirm={t`Make it`}
        isHarmless={overlap > 0}
        onConfirm={() => rotate.mutateAsync()}
      >
        <div className="flex flex-col gap-4">
          <p>
            <Trans>Your service must post to the new address before the old token ends.</Trans>
          </p>
          <OverlapSelect label={t`The old token works for`} value={overlap} onChange={setOverlap} />
        </div>
      </Confirm>
    </div>
  )
}

/** The token before: until when it works, where to see whether it is still used, and its end. */
function OldToken({ accountId, until }: { accountId: number; until: string }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const { mutateAsync } = useMutation({
    mutationFn: () => api('DELETE /api/openchannel/accounts/:id/token/old', { params: { id: accountId } }),
    onSuccess: (fresh) => {
      client.setQueryData(accountQuery(accountId).queryKey, fresh)
      toast(t`The old token is refused from now on.`, { tone: 'ok' })
    },
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-control bg-sunken px-3 py-2">
      <span>
        <Trans>The old token still works.</Trans>
      </span>
      <Countdown until={until} />
      <TextLink href={`${logPath(accountId)}?direction=in&since=24h`}>
        <Trans>Who still uses it</Trans>
      </TextLink>
      <Confirm
        trigger={
          <Button size="small" className="ms-auto">
            <Trans>End it now</Trans>
          </Button>
        }
        title={t`End the old token now?`}
        confirm={t`End it`}
        onConfirm={() => mutateAsync()}
      >
        <Trans>Whoever still posts to the old address is refused with 401 from this moment on.</Trans>
      </Confirm>
    </div>
  )
}

function Secret({ accountId }: { accountId: number }) {
  const { t } = useLingui()
  const problem = useProblem()
  const secret = useMutation({
    mutationFn: (rotate: boolean) =>
      api('POST /api/openchannel/accounts/:id/secret', { params: { id: accountId }, body: { rotate } }),
    onSuccess: (_, rotate) => {
      if (rotate) toast(t`A new secret signs the answers.`, { tone: 'ok' })
    },
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  return (
    <div className="flex flex-col gap-2">
      {secret.data ? (
        <CopyField label={t`Signing secret`} value={secret.data.secret} />
      ) : (
        <p className="text-text-2">
          <Trans>
            Every answer carries a webhook-signature header, by which your service knows that it is ours.
          </Trans>
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {secret.data ? null : (
          <Button isPending={secret.isPending} onPress={() => secret.mutate(false)}>
            <Trans>Show the signing secret</Trans>
          </Button>
        )}
        <Confirm
          trigger={
            <Button>
              <Trans>Make a new secret</Trans>
            </Button>
          }
          title={t`Make a new signing secret`}
          confirm={t`Make it`}
          isHarmless
          onConfirm={() => secret.mutateAsync(true)}
        >
          <Trans>
            For 24 hours answers carry both signatures, the old and the new. Let your service learn the new
            one in that time.
          </Trans>
        </Confirm>
      </div>
    </div>
  )
}
