/** The frame around every page of the desk: rail, top bar, banners, palette, keyboard help, messages. */
import './shell.css'
import { Trans, useLingui } from '@lingui/react/macro'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Me, meQuery, useMe } from '../api/queries.ts'
import { OfferDock } from '../inbox/offers/OfferDock.tsx'
import { Live } from '../live/Live.tsx'
import { useLive } from '../live/store.ts'
import { NavItem } from '../ui/NavItem.tsx'
import { patient } from '../ui/patient.ts'
import { Toasts } from '../ui/Toast.tsx'
import { warmOverlays } from '../ui/warm.ts'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { Logo } from './Logo.tsx'
import { places } from './places.ts'
import { keysFor, listenToKeys, useShortcut } from './shortcuts.ts'
import { TopBar } from './TopBar.tsx'
import { Warnings } from './Warnings.tsx'
import { lazyWith } from './words.ts'

const Begin = lazyWith('pass-on', () => import('../pass-on/Begin.tsx'))
const CommandPalette = lazy(patient(() => import('./CommandPalette.tsx')))
const Popups = lazy(patient(() => import('../inbox/popups/Popups.tsx')))
const KeyboardHelp = lazy(patient(() => import('./KeyboardHelp.tsx')))

export function Shell() {
  return (
    <Me value={useSuspenseQuery(meQuery).data}>
      <Desk />
    </Me>
  )
}

function Desk() {
  const [shown, setShown] = useState<'palette' | 'help' | 'begin' | null>(null)
  const hasPopups = useLive((state) => state.popups.length > 0)
  useEffect(listenToKeys, [])
  useEffect(warmOverlays, [])
  useShortcut('palette', () => setShown('palette'))
  useShortcut('help', () => setShown('help'))
  useShortcut('begin', () => setShown('begin'))
  const close = (isOpen: boolean) => {
    if (!isOpen) setShown(null)
  }
  return (
    <div className="shell">
      <a href="#main" className="skip">
        <Trans>Skip to content</Trans>
      </a>
      <Live />
      <Rail />
      <TopBar onSearch={() => setShown('palette')} onHelp={() => setShown('help')} />
      <div className="banners">
        <ConnectionBanner />
        <OfferDock />
        <Warnings />
      </div>
      <main id="main" className="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Toasts />
      <Suspense>{hasPopups ? <Popups /> : null}</Suspense>
      <Suspense>
        {shown === 'palette' ? (
          <CommandPalette
            isOpen
            onOpenChange={close}
            onHelp={() => setShown('help')}
            onBegin={() => setShown('begin')}
          />
        ) : null}
        {shown === 'begin' ? <Begin onOpenChange={close} /> : null}
        {shown === 'help' ? <KeyboardHelp isOpen onOpenChange={close} /> : null}
      </Suspense>
    </div>
  )
}

type Shortcut = (typeof places)[number]['shortcut']

function Rail() {
  const { t, i18n } = useLingui()
  const me = useMe()
  const current = useLocation({
    select: ({ pathname }) =>
      places.find(({ href }) => pathname === href || pathname.startsWith(`${href}/`))?.href,
  })
  const navigate = useNavigate()
  const mine = places.filter((place) => place.isFor(me))
  const placeOf = (id: Shortcut) => mine.find(({ shortcut }) => shortcut === id)
  const go = (id: Shortcut) => {
    const place = placeOf(id)
    if (place) void navigate({ href: place.href })
  }
  useShortcut('goInbox', () => go('goInbox'))
  useShortcut('goContacts', () => go('goContacts'), !!placeOf('goContacts'))
  useShortcut('goAgents', () => go('goAgents'), !!placeOf('goAgents'))
  useShortcut('goAdmin', () => go('goAdmin'), !!placeOf('goAdmin'))
  return (
    <nav className="rail" aria-label={t`Places`}>
      <span className="rail-logo">
        <Logo />
      </span>
      {mine.map(({ href, label, icon: Icon, shortcut }) => (
        <NavItem
          key={href}
          href={href}
          label={i18n._(label)}
          icon={<Icon aria-hidden />}
          keys={keysFor(shortcut)}
          isCurrent={href === current}
        />
      ))}
    </nav>
  )
}
