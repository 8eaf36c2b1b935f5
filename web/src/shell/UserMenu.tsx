/** The person: theme, density, language, signing out. */
import { useLingui } from '@lingui/react/macro'
import { LogOut } from 'lucide-react'
import { api } from '../api/api.ts'
import { useMe, useSignOut } from '../api/queries.ts'
import { useProblem } from '../api/useProblem.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { IconButton } from '../ui/Button.tsx'
import { Menu, MenuItem, MenuSection, MenuSeparator } from '../ui/Menu.tsx'
import { toast } from '../ui/Toast.tsx'
import { type Preferences, setPreferences, usePreferences } from './preferences.ts'
import { setLocale } from './words.ts'

export function UserMenu() {
  const { i18n, t } = useLingui()
  const me = useMe()
  const { theme, density } = usePreferences()
  const signOut = useSignOut()
  const problem = useProblem()
  const name = me.fullname || me.email
  const speak = async (locale: 'en' | 'it') => {
    await setLocale(locale)
    await api('PATCH /api/me', { body: { locale } })
  }
  const failed = (error: unknown) => toast(problem(error), { tone: 'bad' })
  return (
    <Menu
      label={name}
      placement="bottom end"
      trigger={<IconButton label={name} icon={<Avatar name={name} size={28} />} />}
    >
      <MenuSection
        title={t`Theme`}
        selected={theme}
        onSelect={(id) => setPreferences({ theme: id as Preferences['theme'] })}
      >
        <MenuItem id="system">{t`As the system`}</MenuItem>
        <MenuItem id="light">{t`Light`}</MenuItem>
        <MenuItem id="dark">{t`Dark`}</MenuItem>
      </MenuSection>
      <MenuSection
        title={t`Density`}
        selected={density}
        onSelect={(id) => setPreferences({ density: id as Preferences['density'] })}
      >
        <MenuItem id="comfortable">{t`Comfortable`}</MenuItem>
        <MenuItem id="compact">{t`Compact`}</MenuItem>
      </MenuSection>
      <MenuSection
        title={t`Language`}
        selected={i18n.locale}
        onSelect={(id) => void speak(id === 'it' ? 'it' : 'en').catch(failed)}
      >
        <MenuItem id="en">English</MenuItem>
        <MenuItem id="it">Italiano</MenuItem>
      </MenuSection>
      <MenuSeparator />
      <MenuItem
        id="sign-out"
        icon={<LogOut aria-hidden />}
        description={me.email}
        onAction={() => void signOut().catch(failed)}
      >
        {t`Sign out`}
      </MenuItem>
    </Menu>
  )
}
