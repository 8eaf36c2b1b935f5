/** Step two: the page. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Files } from 'lucide-react'
import { ApiError } from '../../api/api.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { EmptyState } from '../../ui/Page.tsx'
import { Fault } from '../common/Fault.tsx'
import { pagesQuery } from '../queries.ts'
import { setDraft, useDraft } from './draft.ts'
import { PagePicker } from './PagePicker.tsx'
import { StepCard } from './StepCard.tsx'
import { toFacebook } from './to-facebook.ts'

export function PageStep() {
  const { t } = useLingui()
  const navigate = useNavigate()
  const draft = useDraft()
  const pages = useQuery(pagesQuery)
  const rows = pages.data?.rows
  // Kept from before, it may have gone or become unusable meanwhile.
  const chosen = rows?.find(({ id, usable }) => usable && id === draft.page?.id)
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
        <Failed error={pages.error} onRetry={() => void pages.refetch()} />
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
        <PagePicker
          pages={rows}
          selected={chosen?.id ?? null}
          onSelect={({ id, name, canWall }) => setDraft({ ...draft, page: { id, name, canWall } })}
        />
      )}
      {chosen?.connected ? (
        <Banner tone="warn" isInset>
          {chosen.connected.by === 'you' ? (
            <Trans>
              You have connected <bdi>{chosen.name}</bdi> already. Its integration will be replaced by the new
              one.
            </Trans>
          ) : (
            <Trans>
              Somebody else has connected <bdi>{chosen.name}</bdi>. His integration will be replaced: his
              contact centre gets no more messages of the page, and he is told by mail.
            </Trans>
          )}
        </Banner>
      ) : null}
    </StepCard>
  )
}
