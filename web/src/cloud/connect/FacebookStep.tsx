/** Step one: what Facebook will ask for and why, or who is logged in there. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { FacebookStatus } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { AtSign, ExternalLink, MessageCircle, PanelsTopLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Avatar } from '../../ui/Avatar.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { cloud } from '../api.ts'
import { Fault } from '../common/Fault.tsx'
import { usePermissionWords } from '../common/permission-words.ts'
import { facebookQuery } from '../queries.ts'
import { setDraft } from './draft.ts'
import { Outcome, type OutcomeProps } from './Outcome.tsx'
import { StepCard } from './StepCard.tsx'
import { toFacebook } from './to-facebook.ts'

export interface FacebookStepProps {
  status: FacebookStatus
  outcome: OutcomeProps
}

export function FacebookStep({ status, outcome }: FacebookStepProps) {
  if (!status.isSetUp) return <NotSetUp />
  return status.login ? (
    <LoggedIn login={status.login} outcome={outcome} />
  ) : (
    <Explain status={status} outcome={outcome} />
  )
}

function NotSetUp() {
  return (
    <Banner tone="warn" isInset>
      <Trans>Facebook is not set up here yet. Who runs this site has to do that.</Trans>
    </Banner>
  )
}

function Explain({ status, outcome }: FacebookStepProps) {
  const { t } = useLingui()
  const of = (what: FacebookStatus['permissions'][number]['for']) =>
    status.permissions.filter((permission) => permission.for === what).map(({ name }) => name)
  return (
    <StepCard
      title={t`Log in at Facebook`}
      actions={
        <Button variant="primary" iconEnd={<ExternalLink aria-hidden />} onPress={() => toFacebook()}>
          <Trans>Continue with Facebook</Trans>
        </Button>
      }
    >
      <Outcome {...outcome} />
      <p className="text-text-2">
        <Trans>
          Facebook asks you next which pages we may use and what we may do there. Leave everything ticked:
          what is unticked does not work later.
        </Trans>
      </p>
      <Permissions icon={<MessageCircle aria-hidden />} title={t`For messages`} names={of('messages')} />
      <Permissions
        icon={<PanelsTopLeft aria-hidden />}
        title={t`For posts and comments on the wall`}
        names={of('wall')}
      />
      <Permissions
        icon={<AtSign aria-hidden />}
        title={t`For direct messages on Instagram`}
        names={of('instagram')}
      />
      <p className="text-small text-text-2">
        <Trans>
          We never post by ourselves and do not see your own profile. You can take it back at any time.
        </Trans>
      </p>
    </StepCard>
  )
}

function Permissions({ icon, title, names }: { icon: ReactNode; title: string; names: readonly string[] }) {
  const wordsOf = usePermissionWords()
  return (
    <section className="flex flex-col gap-2">
      <h3 className="flex items-center gap-2 font-medium">
        {icon}
        {title}
      </h3>
      <ul className="flex list-disc flex-col gap-1 ps-6 text-text-2">
        {names.map((name) => (
          <li key={name}>{wordsOf(name)}</li>
        ))}
      </ul>
    </section>
  )
}

function LoggedIn({
  login,
  outcome,
}: {
  login: NonNullable<FacebookStatus['login']>
  outcome: OutcomeProps
}) {
  const { t } = useLingui()
  const client = useQueryClient()
  const wordsOf = usePermissionWords()
  const forget = useMutation({
    mutationFn: () => cloud('DELETE /api/facebook'),
    onSuccess: async () => {
      setDraft({})
      client.removeQueries({ queryKey: ['pages'] })
      await client.invalidateQueries({ queryKey: facebookQuery.queryKey })
    },
  })
  return (
    <StepCard
      title={t`You are logged in at Facebook`}
      actions={
        <LinkButton variant="primary" href="/connect?step=page">
          <Trans>Choose a page</Trans>
        </LinkButton>
      }
    >
      {outcome.outcome === 'declined' ? null : <Outcome {...outcome} />}
      <Fault error={forget.error} />
      <div className="flex flex-wrap items-center gap-3">
        <Avatar name={login.name} />
        <bdi className="min-w-0 flex-1 text-h4 [overflow-wrap:anywhere]">{login.name}</bdi>
        <Button isPending={forget.isPending} onPress={() => forget.mutate()}>
          <Trans>Not you?</Trans>
        </Button>
      </div>
      {login.missing.length > 0 ? (
        <Banner
          tone="warn"
          isInset
          action={
            <Button size="small" onPress={() => toFacebook({ again: true })}>
              <Trans>Ask again</Trans>
            </Button>
          }
        >
          <Trans>Not allowed at Facebook, so this will not work:</Trans>
          <ul className="list-disc ps-5">
            {login.missing.map((name) => (
              <li key={name}>{wordsOf(name)}</li>
            ))}
          </ul>
        </Banner>
      ) : null}
    </StepCard>
  )
}
