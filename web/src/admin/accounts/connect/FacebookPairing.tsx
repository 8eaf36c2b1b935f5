/** A Facebook page or an Instagram account for this account by way of the cloud: a code is made here and entered there, so that no key is copied. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import type { PairingCode } from '@patchbay/protocol/api/pairing.ts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../../../api/api.ts'
import { useMe } from '../../../api/queries.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Id } from '../../../ui/Bidi.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Countdown } from '../../../ui/Countdown.tsx'
import { useNow } from '../../../ui/clock.ts'
import { Card } from '../../../ui/Page.tsx'
import { useSaveAccount } from '../useSaveAccount.ts'

/** Somebody enters the code elsewhere, and looks here whether it was taken. */
const LOOK_EVERY_MS = 3000

export function FacebookPairing({ account }: { account: Account }) {
  const { t } = useLingui()
  const problem = useProblem()
  const cloud = useQuery({
    queryKey: ['cloud'],
    queryFn: ({ signal }) => api('GET /api/openchannel/cloud', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  }).data
  const make = useMutation({
    mutationFn: () => api('POST /api/openchannel/accounts/:id/pairings', { params: { id: account.id } }),
  })
  const mayPair = useMe().permissions.includes('accounts.secrets')
  const cloudUrl = cloud?.cloudUrl
  if (!cloudUrl || !mayPair) return null
  return (
    <Card title={t`Facebook or Instagram`}>
      <div className="flex flex-col items-start gap-3">
        <p className="text-text-2">
          <Trans>
            Messages and posts of a page, or direct messages of its Instagram account, come in here when it is
            connected in the cloud. Sign in at{' '}
            <a href={cloudUrl} target="_blank" rel="noopener noreferrer" className="link">
              <bdi dir="ltr">{cloudUrl}</bdi>
            </a>
            , choose which, and enter a code from here.
          </Trans>
        </p>
        {make.data ? <Waiting account={account} pairing={make.data} /> : null}
        {make.error ? (
          <Banner tone="bad" isInset>
            {problem(make.error)}
          </Banner>
        ) : null}
        <Button isPending={make.isPending} onPress={() => make.mutate()}>
          {make.data ? <Trans>Make another code</Trans> : <Trans>Make a pairing code</Trans>}
        </Button>
      </div>
    </Card>
  )
}

function Waiting({ account, pairing }: { account: Account; pairing: PairingCode }) {
  const { t } = useLingui()
  const { code, keyId, expiresAt, address, isRelayed } = pairing
  const { host } = new URL(address)
  const isOver = Date.parse(expiresAt) <= useNow(1000)
  const params = { id: account.id, keyId }
  const state = useQuery({
    queryKey: ['pairings', keyId],
    queryFn: ({ signal }) => api('GET /api/openchannel/accounts/:id/pairings/:keyId', { params, signal }),
    refetchInterval: ({ state: { data } }) => (data?.state === 'waiting' ? LOOK_EVERY_MS : false),
  }).data?.state
  if (state === 'claimed') return <Claimed account={account} replyUrl={pairing.replyUrl} />
  if (isOver || state === 'ended')
    return (
      <Banner tone="warn" isInset>
        <Trans>Nobody entered the code in time. Its key was revoked.</Trans>
      </Banner>
    )
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" aria-label={t`Pairing code`} dir="ltr" className="font-mono text-h1">
          {code.slice(0, 4)} {code.slice(4)}
        </p>
        <Countdown until={expiresAt} />
      </div>
      <p className="text-small text-text-2">
        {isRelayed ? (
          <Trans>
            The cloud will show <Id>{host}</Id>: the relay through which its messages come in here.
          </Trans>
        ) : (
          <Trans>
            The cloud will show <Id>{host}</Id>, the address of this server.
          </Trans>
        )}
      </p>
    </>
  )
}

/** Answers reach the page when the account sends them to the cloud. */
function Claimed({ account, replyUrl }: { account: Account; replyUrl: string }) {
  const problem = useProblem()
  const save = useSaveAccount(account.id)
  if (account.replyUrl === replyUrl)
    return (
      <Banner tone="ok" isInset>
        <Trans>The account is paired, and its answers go to the page.</Trans>
      </Banner>
    )
  return (
    <>
      <Banner
        tone="warn"
        isInset
        action={
          <Button size="small" isPending={save.isPending} onPress={() => save.mutate({ replyUrl })}>
            <Trans>Send answers to the cloud</Trans>
          </Button>
        }
      >
        <Trans>
          The account is paired. Its answers go elsewhere: the Reply URL has to be that of the cloud.
        </Trans>
      </Banner>
      {save.error ? (
        <Banner tone="bad" isInset>
          {problem(save.error)}
        </Banner>
      ) : null}
    </>
  )
}
