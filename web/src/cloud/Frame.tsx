/** The frame around every page of the cloud below signing in: the mark, the person, messages. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { Logo } from '../shell/Logo.tsx'
import { PlainLink } from '../ui/Button.tsx'
import { Toasts } from '../ui/Toast.tsx'
import { PersonMenu } from './PersonMenu.tsx'

export function Frame() {
  const { t } = useLingui()
  return (
    <div className="grid h-dvh grid-rows-[auto_minmax(0,1fr)]">
      <a href="#main" className="skip">
        <Trans>Skip to content</Trans>
      </a>
      <header className="top min-h-12 [grid-area:auto]">
        <PlainLink href="/" className="me-auto flex min-w-0 items-center gap-3 rounded-control no-underline">
          <Logo size={28} />
          <span className="truncate text-h4">{t`Patchbay integrations`}</span>
        </PlainLink>
        <PersonMenu />
      </header>
      <main id="main" className="main [grid-area:auto]" tabIndex={-1}>
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <Toasts />
    </div>
  )
}
