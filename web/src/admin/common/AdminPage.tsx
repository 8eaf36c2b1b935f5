/** A page of administration: the way back, head, body; and what stands there while it is fetched or when that failed. */
import { Trans } from '@lingui/react/macro'
import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { useProblem } from '../../api/useProblem.ts'
import { Broken } from '../../shell/problems.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { Button, TextLink } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { Card, Page, PageHeader, type PageHeaderProps } from '../../ui/Page.tsx'
import { ApiHint, type ShownCall } from './ApiHint.tsx'
import { lastAddress } from './address.ts'

export interface AdminPageProps extends PageHeaderProps {
  /** The list this belongs to. */
  back?: { href: string; label: string }
  calls: readonly ShownCall[]
  children: ReactNode
}

export function AdminPage({ back, calls, actions, children, ...head }: AdminPageProps) {
  return (
    <Page>
      {back ? <Back {...back} /> : null}
      <PageHeader
        {...head}
        actions={
          <>
            <ApiHint calls={calls} />
            {actions}
          </>
        }
      />
      {children}
    </Page>
  )
}

export function Back({ href, label }: { href: string; label: string }) {
  return (
    <TextLink
      href={lastAddress(href)}
      className="-mb-2 flex min-h-6 items-center gap-1 self-start text-text-2 no-underline hover:underline"
    >
      <ChevronLeft aria-hidden className="flip-rtl" />
      {label}
    </TextLink>
  )
}

/** While a page has nothing to show yet. */
export function Waiting({ error }: { error: unknown }) {
  if (error) return <Broken error={error} />
  return (
    <Page>
      <SkeletonLines lines={2} />
      <Card>
        <SkeletonLines lines={6} />
      </Card>
    </Page>
  )
}

/** In place of rows that could not be fetched. */
export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const problem = useProblem()
  return (
    <Banner
      tone="bad"
      action={
        <Button size="small" onPress={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      {problem(error)}
    </Banner>
  )
}
