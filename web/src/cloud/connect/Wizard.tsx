/** The way from nothing to a connected page, in five steps; it can be left and taken up again. */
import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Back } from '../../shell/Back.tsx'
import { Broken } from '../../shell/problems.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { Card, Page, PageHeader } from '../../ui/Page.tsx'
import { facebookQuery, integrationQuery } from '../queries.ts'
import { isOpen, type Step, steps, useDraft } from './draft.ts'
import { FacebookStep } from './FacebookStep.tsx'
import { OptionsStep } from './OptionsStep.tsx'
import { PageStep } from './PageStep.tsx'
import { Stepper } from './Stepper.tsx'
import { TargetStep } from './TargetStep.tsx'
import { TestStep } from './TestStep.tsx'

interface Search {
  step?: string
  outcome?: string
  code?: string
  integration?: string
}

export function Wizard() {
  const { t } = useLingui()
  const search: Search = useSearch({ strict: false })
  const draft = useDraft()
  const facebook = useQuery({ ...facebookQuery, staleTime: 0 })
  const integrationId = Number(search.integration)
  const isNamed = search.step === 'test' && integrationId > 0
  const made = useQuery({ ...integrationQuery(integrationId), enabled: isNamed })
  if (facebook.isError) return <Broken error={facebook.error} />
  const access = { isLoggedIn: facebook.data?.login != null }
  const wanted = search.outcome === 'done' ? 'page' : (steps.find((one) => one === search.step) ?? 'facebook')
  const isTest = wanted === 'test' && isNamed
  const kind = isTest ? made.data?.kind : draft.page?.kind
  // An address that leads further than one has come leads as far as one has.
  const step: Step = isTest || isOpen(wanted, draft, access) ? wanted : lastOpen(draft, access)
  const status = facebook.data
  return (
    <Page isNarrow>
      <Back href="/" label={t`Integrations`} />
      <PageHeader
        title={
          kind === 'instagram'
            ? t`Connect an Instagram account`
            : kind === 'facebook'
              ? t`Connect a Facebook page`
              : t`Connect Facebook or Instagram`
        }
      />
      <Stepper current={step} isOpen={(one) => !isTest && isOpen(one, draft, access)} />
      {status === undefined ? (
        <Card>
          <SkeletonLines lines={6} />
        </Card>
      ) : step === 'facebook' ? (
        <FacebookStep status={status} outcome={search} />
      ) : step === 'page' ? (
        <PageStep />
      ) : step === 'target' ? (
        <TargetStep status={status} />
      ) : step === 'options' ? (
        <OptionsStep />
      ) : (
        <TestStep id={integrationId} replyUrl={status.replyUrl} />
      )}
    </Page>
  )
}

function lastOpen(draft: Parameters<typeof isOpen>[1], access: Parameters<typeof isOpen>[2]): Step {
  return steps.findLast((step) => isOpen(step, draft, access)) ?? 'facebook'
}
