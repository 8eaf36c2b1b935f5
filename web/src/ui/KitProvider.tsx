/** Tells the kit the language and how the desk goes from page to page. */
import type { ReactNode } from 'react'
import { I18nProvider, RouterProvider } from 'react-aria-components'

export interface KitProviderProps {
  locale: string
  navigate: (href: string) => void
  children: ReactNode
}

export function KitProvider({ locale, navigate, children }: KitProviderProps) {
  return (
    <I18nProvider locale={locale}>
      <RouterProvider navigate={navigate}>{children}</RouterProvider>
    </I18nProvider>
  )
}
