/** A page of administration: the way back, head, body; and what stands there while it is fetched or when that failed. */
import type { ReactNode } from 'react'
import { Back } from '../../shell/Back.tsx'
import { Broken } from '../../shell/problems.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { Card, Page, PageHeader, type PageHeaderProps } from '../../ui/Page.tsx'
import { ApiHint, type ShownCall } from './ApiHint.tsx'
import { History } from './History.tsx'

export interface AdminPageProps extends PageHeaderProps {
  /** The list this belongs to. */
  back?: { href: string; label: string }
  calls: readonly ShownCall[]
  /** Under which the audit log knows what is shown. */
  history?: { object: string; id?: number }
  children: ReactNode
}

export function AdminPage({ back, calls, history, actions, children, ...head }: AdminPageProps) {
  return (
    <Page>
      {back ? <Back {...back} /> : null}
      <PageHeader
        {...head}
        actions={
          <>
            {history ? <History {...history} /> : null}
            {/* Whom it helps has a wider screen. */}
            <span className="max-narrow:hidden">
              <ApiHint calls={calls} />
            </span>
            {actions}
          </>
        }
      />
      {children}
    </Page>
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
