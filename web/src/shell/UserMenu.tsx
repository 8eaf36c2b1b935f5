/** The person: how the desk looks to him, his settings, signing out. */
import { useLingui } from '@lingui/react/macro'
import { KeyRound, LogOut, Shield, SlidersHorizontal } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { api } from '../api/api.ts'
import { useMe, useSignOut } from '../api/queries.ts'
import { useProblem } from '../api/useProblem.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { IconButton } from '../ui/Button.tsx'
import { Menu } from '../ui/Menu.tsx'
import { patient } from '../ui/patient.ts'
import { toast } from '../ui/Toast.tsx'
import type { Locale } from './preferences.ts'
import { useAppearance } from './useAppearance.ts'
import { setLocale } from './words.ts'

const PreferencesDialog = lazy(patient(() => import('./PreferencesDialog.tsx')))

export function UserMenu() {
  const [hasPreferences, setPreferencesOpen] = useState(false)
  return (
    <>
      <PersonMenu onPreferences={() => setPreferencesOpen(true)} />
      <Suspense>{hasPreferences ? <PreferencesDialog onOpenChange={setPreferencesOpen} /> : null}</Suspense>
    </>
  )
}

function PersonMenu({ onPreferences }: { onPreferences: () => void }) {
  const { t } = useLingui()
  const me = useMe()
  const signOut = useSignOut()
  const problem = useProblem()
  const name = me.fullname || me.email
  const speak = async (locale: Locale) => {
    await setLocale(locale)
    await api('PATCH /api/me', { body: { locale } })
  }
  const failed = (error: unknown) => toast(problem(error), { tone: 'bad' })
  const appearance = useAppearance((locale) => void speak(locale).catch(failed))
  return (
    <Menu
      label={name}
      placement="bottom end"
      trigger={<IconButton label={name} icon={<Avatar name={name} size={28} />} />}
      items={[
        ...appearance,
        'separator',
        {
          id: 'preferences',
          label: t`Preferences…`,
          icon: <SlidersHorizontal aria-hidden />,
          onAction: onPreferences,
        },
        { id: 'security', label: t`Security`, icon: <Shield aria-hidden />, href: '/security' },
        { id: 'keys', label: t`My keys`, icon: <KeyRound aria-hidden />, href: '/keys' },
        {
          id: 'sign-out',
          label: t`Sign out`,
          description: me.email,
          icon: <LogOut aria-hidden />,
          onAction: () => void signOut().catch(failed),
        },
      ]}
    />
  )
}
