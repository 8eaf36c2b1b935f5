/** Step four: what is forwarded; then the page is connected. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { IntegrationOptions } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ApiError } from '../../api/api.ts'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { DescriptionList } from '../../ui/Page.tsx'
import { cloud, useUser } from '../api.ts'
import { channelNames } from '../common/ChannelMark.tsx'
import { Fault } from '../common/Fault.tsx'
import { OptionFields } from '../common/OptionFields.tsx'
import { integrationQuery } from '../queries.ts'
import { type Draft, setDraft, useDraft } from './draft.ts'
import { StepCard } from './StepCard.tsx'

const usual: Omit<IntegrationOptions, 'language'> = {
  messenger: true,
  wallPosts: true,
  commentDepth: 2,
  wallFiles: false,
}

export function OptionsStep() {
  const { page, target } = useDraft()
  return page && target ? <Options page={page} target={target} /> : null
}

function Options({ page, target }: Required<Pick<Draft, 'page' | 'target'>>) {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  const draft = useDraft()
  const { locale } = useUser()
  const isInstagram = page.kind === 'instagram'
  const options = draft.options ?? { ...usual, wallPosts: page.canWall && !isInstagram, language: locale }
  const connect = useMutation({
    mutationFn: () => {
      const where = 'pairingCode' in target ? { pairingCode: target.pairingCode } : target
      return cloud('POST /api/integrations', {
        body: { kind: page.kind, pageId: page.id, ...where, ...options },
      })
    },
    onSuccess: async (made) => {
      client.setQueryData(integrationQuery(made.id).queryKey, made)
      void client.invalidateQueries({ queryKey: ['integrations'], exact: true })
      await navigate({ href: `/connect?step=test&integration=${made.id}`, replace: true })
      setDraft({})
    },
  })
  const code = connect.error instanceof ApiError ? connect.error.code : ''
  const mend = stepOf[code]
  const host = 'pairingCode' in target ? `${target.serverName} (${target.host})` : hostOf(target.receiveUrl)
  return (
    <StepCard
      title={t`What is forwarded?`}
      actions={
        <>
          <LinkButton href="/connect?step=target">
            <Trans>Back</Trans>
          </LinkButton>
          <Button
            variant="primary"
            isPending={connect.isPending}
            isDisabled={!options.messenger && !options.wallPosts}
            onPress={() => connect.mutate()}
          >
            {isInstagram ? <Trans>Connect the account</Trans> : <Trans>Connect the page</Trans>}
          </Button>
        </>
      }
    >
      <Fault
        error={connect.error}
        action={
          mend ? (
            <LinkButton size="small" href={`/connect?step=${mend}`}>
              <Trans>Go back there</Trans>
            </LinkButton>
          ) : null
        }
      />
      <DescriptionList
        items={[
          { term: t`Channel`, value: channelNames[page.kind] },
          { term: t`Page`, value: page.name },
          ...(page.account ? [{ term: t`Account`, value: `@${page.account}` }] : []),
          { term: t`Contact centre`, value: host },
        ]}
      />
      <OptionFields
        value={options}
        kind={page.kind}
        canWall={page.canWall}
        onChange={(next) => setDraft({ ...draft, options: next })}
      />
    </StepCard>
  )
}

/** Where a refusal can be put right. */
const stepOf: Readonly<Record<string, string>> = {
  'CL-103': 'facebook',
  'CL-104': 'facebook',
  'CL-105': 'page',
  'CL-106': 'target',
  'CL-107': 'target',
  'CL-108': 'target',
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
