/** The person: how the pages look to him, his account, signing out. */
import { useLingui } from '@lingui/react/macro'
import { LogOut, ScrollText, UserRound } from 'lucide-react'
import { useSignOut } from '../api/queries.ts'
import { useProblem } from '../api/useProblem.ts'
import type { Locale } from '../shell/preferences.ts'
import { useAppearance } from '../shell/useAppearance.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { IconButton } from '../ui/Button.tsx'
import { Menu } from '../ui/Menu.tsx'
import { toast } from '../ui/Toast.tsx'
import { cloud, useUser } from './api.ts'
import { setLocale } from './words.ts'

export function PersonMenu() {
  const { t } = useLingui()
  const { email } = useUser()
  const signOut = useSignOut()
  const problem = useProblem()
  const failed = (error: unknown) => toast(problem(error), { tone: 'bad' })
  const speak = async (locale: Locale) => {
    await setLocale(locale)
    await cloud('PATCH /api/me', { body: { locale } })
  }
  const appearance = useAppearance((locale) => void speak(locale).catch(failed))
  return (
    <Menu
      label={email}
      placement="bottom end"
      trigger={<IconButton label={email} icon={<Avatar name={email} size={28} />} />}
      items={[
        ...appearance,
        'separator',
        { id: 'account', label: t`Your account`, icon: <UserRound aria-hidden />, href: '/account' },
        { id: 'audit', label: t`Audit log`, icon: <ScrollText aria-hidden />, href: '/audit' },
        {
          id: 'sign-out',
          label: t`Sign out`,
          description: email,
          icon: <LogOut aria-hidden />,
          onAction: () => void signOut().catch(failed),
        },
      ]}
    />
  )
}
