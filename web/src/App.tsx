/** What every page stands in: language, cache, routes. */
import { i18n } from '@lingui/core'
import { I18nProvider, useLingui } from '@lingui/react'
import { QueryClientProvider } from '@tanstack/react-query'
import { type AnyRouter, RouterProvider } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { queryClient } from './api/queries.ts'
import { KitProvider } from './ui/KitProvider.tsx'

export function App({ router }: { router: AnyRouter }) {
  return (
    <I18nProvider i18n={i18n}>
      <Kit router={router}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </Kit>
    </I18nProvider>
  )
}

function Kit({ router, children }: { router: AnyRouter; children: ReactNode }) {
  const { locale } = useLingui().i18n
  return (
    <KitProvider locale={locale} navigate={(href) => void router.navigate({ href })}>
      {children}
    </KitProvider>
  )
}
