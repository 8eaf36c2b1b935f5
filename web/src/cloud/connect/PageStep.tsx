/** Step two: the page. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { FacebookPage, Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Files } from 'lucide-react'
import { ApiError } from '../../api/api.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { EmptyState } from '../../ui/Page.tsx'
import { Fault } from '../common/Fault.tsx'
import { pagesQuery } from '../queries.ts'
import { ChannelPicker, channelOf } from './ChannelPicker.tsx'
import { setDraft, useDraft } from './draft.ts'
import { canConnect, PagePicker } from './PagePicker.tsx'
import { StepCard } from './StepCard.tsx'
import { toFacebook } from './to-facebook.ts'

/** What was chosen, as far as the page has it; else what is not connected yet before what would be replaced. */
function kindFor(page: FacebookPage, wanted?: Integration['kind']): Integration['kind'] {
  if (wanted && channelOf(page, wanted).usable) return wanted
  const { usable, connected, instagram } = page
  return usable && !(connected && instagram.usable && !instagram.connected) ? 'facebook' : 'instagram'
}

const nameOf = ({ name, instagram }: FacebookPage, kind: Integration['kind'] | undefined) =>
  kind === 'instagram' ? `@${instagram.account?.username}` : name

export function PageStep() {
  const { t } = useLingui()
  const navigate = useNavigate()
  const draft = useDraft()
  const pages = useQuery(pagesQuery)
  const rows = pages.data?.rows
  // Kept from before, it may have gone or become unusable meanwhile.
  const chosen = rows?.find((row) => canConnect(row) && row.id === draft.page?.id)
  const kind = chosen && kindFor(chosen, draft.page?.kind)
  const connected = chosen && kind && channelOf(chosen, kind).connected
  const choose = (page: FacebookPage, wanted?: Integration['kind']) => {
    const { id, name, canWall, instagram } = page
    const chosenKind = kindFor(page, wanted)
    const account = chosenKind === 'instagram' ? instagram.account?.username : undefined
    const { options: _, ...kept } = draft
    setDraft({ ...kept, page: { id, name, canWall, kind: chosenKind, ...(account && { account }) } })
  }
  const isLoggedOut = pages.error instanceof ApiError && pages.error.code === 'CL-103'
  return (
    <StepCard
      title={t`Which page?`}
      actions={
        <>
          <LinkButton href="/connect">
            <Trans>Back</Trans>
          </LinkButton>
          <Button
            variant="primary"
            isDisabled={!chosen}
            onPress={() => void navigate({ href: '/connect?step=target' })}
          >
            <Trans>Continue</Trans>
          </Button>
        </>
      }
    >
      {isLoggedOut ? (
        <Fault
          error={pages.error}
          action={
            <Button size="small" onPress={() => toFacebook()}>
              <Trans>Log in</Trans>
            </Button>
          }
        />
      ) : pages.isError ? (
        <Fault
          error={pages.error}
          action={
            <Button size="small" isPending={pages.isFetching} onPress={() => void pages.refetch()}>
              <Trans>Try again</Trans>
            </Button>
          }
        />
      ) : rows === undefined ? (
        <SkeletonLines lines={5} />
      ) : rows.length === 0 ? (
        <EmptyState
          icon={<Files aria-hidden />}
          title={t`Facebook lists no page of yours`}
          action={
            <Button onPress={() => toFacebook({ again: true })}>
              <Trans>Ask Facebook again</Trans>
            </Button>
          }
        >
          <Trans>
            Tick the page in Facebook’s dialog. A page that you do not administer has to be connected by
            somebody who does.
          </Trans>
        </EmptyState>
      ) : (
        <PagePicker pages={rows} selected={chosen?.id ?? null} onSelect={(page) => choose(page)} />
      )}
      {chosen && kind ? (
        <ChannelPicker page={chosen} selected={kind} onSelect={(wanted) => choose(chosen, wanted)} />
      ) : null}
      {chosen && connected ? (
        <Banner tone="warn" isInset>
          {connected.by === 'you' ? (
            <Trans>
              You have connected <bdi>{nameOf(chosen, kind)}</bdi> already. Its integration will be replaced
              by the new one.
            </Trans>
          ) : (
            <Trans>
              Somebody else has connected <bdi>{nameOf(chosen, kind)}</bdi>. His integration will be replaced,
              and he is told by mail.
            </Trans>
          )}
        </Banner>
      ) : null}
    </StepCard>
  )
}
